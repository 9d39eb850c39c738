//! The registry's file: an SQLite database in WAL mode, which several processes may share.

mod consumers;
mod error;
mod events;
mod open;
mod schemas;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use cvtplugin::Result;
use rusqlite::{Connection, Transaction};

pub(crate) use consumers::{Consumer, Endpoint};
use error::{Failure, RegistryFile};
pub(crate) use schemas::Imported;
use writer::{Writer, lock};

/// The time of a write, in UTC, as SQL.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";

/// A registry. Its methods block.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    busy_timeout: Duration,
    writer: Writer,
    /// Connections that nobody reads with at the moment.
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the registry at `path`, and creates it if there is none. Writes wait up to
    /// `busy_timeout` for those of other processes.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be used; its code says why.
    pub(crate) fn open(path: &Path, busy_timeout: Duration) -> Result<Self> {
        let file = RegistryFile { path, busy_timeout };
        let create = || {
            let connection = open::create(path, busy_timeout)?;
            Ok(Writer::new(connection, file)?)
        };
        let writer = create().map_err(|failure: Failure| file.explain(failure))?;
        Ok(Self {
            path: path.to_owned(),
            busy_timeout,
            writer,
            readers: Mutex::default(),
        })
    }

    /// Does `work` in a transaction. It is on disk when this returns `Ok`, and undone otherwise.
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(self.file(), work)
    }

    /// Runs `work` on one consistent state of the registry.
    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let idle = lock(&self.readers).pop();
        let run = || {
            let mut reader = match idle {
                Some(reader) => reader,
                None => open::connect(&self.path, self.busy_timeout)?,
            };
            let result = work(&reader.transaction()?)?;
            lock(&self.readers).push(reader);
            Ok::<_, rusqlite::Error>(result)
        };
        run().map_err(|error| self.file().explain(error))
    }

    fn file(&self) -> RegistryFile<'_> {
        RegistryFile {
            path: &self.path,
            busy_timeout: self.busy_timeout,
        }
    }
}
