//! The registry under test: the built plugin and command, on a file of their own.

use std::fs;
use std::process::Command;

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::pairs::Pair;

const SQLITE: &str = env!("CARGO_BIN_EXE_cvt-plugin-sqlite");

pub(crate) struct Registry {
    directory: TempDir,
}

impl Registry {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn database(&self) -> String {
        self.directory
            .path()
            .join("registry.db")
            .display()
            .to_string()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(SQLITE);
        command.arg("--database").arg(self.database());
        command
    }

    /// Imports the documents of all pairs, as versions 1 and 2.
    pub(crate) fn import(&self, pairs: &[Pair]) {
        for (version, before) in [("1.0.0", true), ("2.0.0", false)] {
            let directory = self.directory.path().join(version);
            fs::create_dir(&directory).expect("a directory");
            let mut command = self.command();
            command.arg("import");
            for pair in pairs {
                let mut document = if before { &pair.before } else { &pair.after }.clone();
                document["info"]["version"] = version.into();
                let path = directory.join(format!("{}.json", pair.name));
                fs::write(&path, document.to_string()).expect("a file");
                command.arg(path);
            }
            let output = command.output().expect("the command runs");
            assert!(output.status.success(), "{output:?}");
        }
    }

    pub(crate) async fn launch(&self) -> RunningPlugin {
        let host = Host::new(SQLITE).config("database", self.database());
        host.launch().await.expect("the plugin launches")
    }

    /// What `impact` reports.
    pub(crate) fn impact(&self, pair: &Pair) -> Value {
        let arguments = [
            "impact", &pair.name, "--from", "1.0.0", "--to", "2.0.0", "--json",
        ];
        let output = self
            .command()
            .args(arguments)
            .output()
            .expect("the command runs");
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let code = match report["verdict"].as_str() {
            Some("unaffected") => 0,
            Some("broken") => 1,
            _ => 2,
        };
        assert_eq!(output.status.code(), Some(code), "{report}");
        report
    }
}

/// Registers the consumers of all pairs, many at once.
pub(crate) async fn register(plugin: &RunningPlugin, pairs: &[Pair]) {
    for some in pairs.chunks(64) {
        let mut registering = JoinSet::new();
        for usage in some.iter().flat_map(usages) {
            let client = plugin.client().clone();
            registering.spawn(async move { client.register_consumer_usage(usage).await });
        }
        for registered in registering.join_all().await {
            assert!(registered.expect("it registers").acknowledged);
        }
    }
}

fn usages(pair: &Pair) -> impl Iterator<Item = RegisterConsumerUsageRequest> + '_ {
    pair.consumers.iter().map(|consumer| {
        let endpoints = consumer.uses.iter().map(|(operation, fields)| {
            let fields = fields.iter().map(|field| &field.path);
            EndpointUsage::new(&operation.method, &operation.path).used_fields(fields)
        });
        let usage = RegisterConsumerUsageRequest::new(&consumer.name, &pair.name, "1.0.0");
        usage.endpoints(endpoints)
    })
}
