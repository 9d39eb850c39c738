//! What is wrong with the registry's file, for the operator.

use std::path::Path;
use std::time::Duration;

use cvtplugin::{Code, Error};
use rusqlite::ErrorCode;

/// Why the registry cannot be used.
#[derive(Debug)]
pub(super) enum Failure {
    /// SQLite's reason.
    Sqlite(rusqlite::Error),
    /// A reason of ours, such as a file of another program.
    Unusable(String),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// The file that failures are about.
#[derive(Clone, Copy)]
pub(super) struct RegistryFile<'a> {
    pub(super) path: &'a Path,
    pub(super) busy_timeout: Duration,
}

impl RegistryFile<'_> {
    /// The error that CVT's user sees, with a code and advice.
    pub(super) fn explain(self, failure: impl Into<Failure>) -> Error {
        let path = self.path.display();
        match failure.into() {
            Failure::Unusable(why) => Error::failed_precondition(format!("registry {path}: {why}")),
            Failure::Sqlite(error) => {
                let (code, advice) = self.advice(&error);
                Error::new(code, format!("registry {path}: {advice} ({error})"))
            }
        }
    }

    fn advice(self, error: &rusqlite::Error) -> (Code, String) {
        let (code, advice) = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => (
                Code::ResourceExhausted,
                "no space left: free some disk space and try again",
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                let advice = format!(
                    "locked by another process for {:?}: try again, or raise busy_timeout",
                    self.busy_timeout
                );
                return (Code::Unavailable, advice);
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
                Code::DataLoss,
                "not an intact SQLite database: restore it from a backup, or move it away and \
                 import the schemas again",
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
                Code::FailedPrecondition,
                "cannot be opened for writing: check the path and its permissions",
            ),
            Some(ErrorCode::SystemIoFailure) => io_failure(error),
            Some(ErrorCode::TooBig) => (
                Code::ResourceExhausted,
                "a value is over SQLite's limit of 1 GB",
            ),
            _ => (Code::Internal, "unexpected database error"),
        };
        (code, advice.to_owned())
    }
}

/// SQLite has a code of its own for shared memory that cannot grow, as on a full disk.
fn io_failure(error: &rusqlite::Error) -> (Code, &'static str) {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        let advice = "no space left for shared memory: free some disk space and try again";
        return (Code::ResourceExhausted, advice);
    }
    (
        Code::Unavailable,
        "cannot be read or written: check the disk",
    )
}
