//! The plugin that a command is about, and its config.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use cvtplugin::host::Host;
use cvtplugin::{BoxError, SecretString};

/// Which plugin, and with what config.
#[derive(Debug, Args)]
pub(crate) struct SubjectArguments {
    /// The plugin: its binary, or the directory of its package, which is built then.
    #[arg(value_name = "BINARY|PACKAGE-DIR")]
    plugin: PathBuf,

    /// A key of the plugin's config and its value; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value)]
    config: Vec<(String, SecretString)>,
}

/// A plugin that is there, and its config.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) binary: PathBuf,
    pub(crate) config: BTreeMap<String, SecretString>,
}

impl SubjectArguments {
    /// Finds the binary and puts its config together.
    pub(crate) fn find(self) -> Result<Subject, BoxError> {
        Ok(Subject {
            binary: self.plugin,
            config: self.config.into_iter().collect(),
        })
    }
}

impl Subject {
    /// What launches the plugin with its config.
    pub(crate) fn host(&self) -> Host {
        let config = self.config.iter();
        config.fold(Host::new(&self.binary), |host, (key, value)| {
            host.config(key, value.clone())
        })
    }
}

fn key_and_value(text: &str) -> Result<(String, SecretString), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.into())),
        _ => Err("write KEY=VALUE".to_owned()),
    }
}
