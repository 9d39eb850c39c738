//! A registry in a directory of its own, and the two ways to it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use cvtplugin::host::{Host, RunningPlugin};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const SQLITE: &str = env!("CARGO_BIN_EXE_cvt-plugin-sqlite");

pub(crate) struct Registry {
    directory: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Registry {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        Self { directory }
    }

    /// One with a document in two versions.
    pub(crate) fn with(schema: &str, before: &Value, after: &Value) -> Self {
        let registry = Self::new();
        for (version, document) in [("1.0.0", before), ("2.0.0", after)] {
            registry.import(schema, version, document);
        }
        registry
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("registry.db")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// Imports a document under this id and version.
    pub(crate) fn import(&self, schema: &str, version: &str, document: &Value) {
        let path = self.write("document.json", &document.to_string());
        let path = path.display().to_string();
        let arguments = ["import", &path, "--schema", schema, "--version", version];
        let outcome = self.run(&arguments);
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }

    /// Runs the command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(SQLITE);
        command
            .arg("--database")
            .arg(self.database())
            .args(arguments);
        outcome(&mut command)
    }

    /// What the command prints as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let outcome = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("no JSON: {outcome:?}"))
    }

    /// The plugin, not launched yet.
    pub(crate) fn host(&self) -> Host {
        let database = self.database().display().to_string();
        Host::new(SQLITE).config("database", database)
    }

    pub(crate) async fn launch(&self) -> RunningPlugin {
        self.host().launch().await.expect("the plugin launches")
    }
}

pub(crate) fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Outcome {
        code: output.status.code().expect("it exits by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A document with one endpoint, `GET /pets/{id}`, that responds with this schema.
pub(crate) fn responding(schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    document(&json!({ "responses": { "200": { "description": "a pet", "content": content } } }))
}

/// A document with one endpoint, `GET /pets/{id}`.
pub(crate) fn document(operation: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Pets", "version": "1.0.0" },
        "paths": { "/pets/{id}": { "get": operation } },
    })
}
