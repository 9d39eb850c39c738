//! Which registry a command is about.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cvtplugin::{ConfigValues, Error, PluginConfig as _, Result};

use crate::plugin::{SqliteConfig, expand_home};
use crate::store::Store;

/// How long a command waits for the plugins that write to the registry.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(super) struct Registry {
    /// File of the registry [default: the plugin's own, ~/.cvt/registry.db]
    #[arg(long, global = true, value_name = "FILE", value_parser = expand_home)]
    database: Option<PathBuf>,
}

impl Registry {
    /// Opens the registry, and creates it if there is none.
    pub(super) fn create(&self) -> Result<Store> {
        Store::open(&self.path()?, BUSY_TIMEOUT)
    }

    fn path(&self) -> Result<PathBuf> {
        match &self.database {
            Some(path) => Ok(path.clone()),
            None => Ok(SqliteConfig::from_values(&ConfigValues::default())?.database),
        }
    }

    /// Opens a registry to read it.
    pub(super) fn open(&self) -> Result<Store> {
        let path = self.path()?;
        if !path.exists() {
            let path = path.display();
            let advice = "import a schema, or name another file with --database";
            return Err(Error::not_found(format!("no registry {path}: {advice}")));
        }
        self.create()
    }
}
