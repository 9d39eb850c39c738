//! Opens the registry's file, creates it, and refuses files that are something else.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::error::Failure;

/// Marks the file as ours, in ASCII.
const APPLICATION_ID: i32 = 0x4356_5472;

/// The layout of the tables. A later one migrates from here.
const LAYOUT: i32 = 1;

/// How long to wait before another try to switch a new file to WAL mode.
const WAL_RETRY: Duration = Duration::from_millis(5);

/// Opens the registry, and creates its tables in a new file.
pub(super) fn create(path: &Path, busy_timeout: Duration) -> Result<Connection, Failure> {
    if let Some(directory) = path.parent() {
        // If this fails, so does opening the file, with an error that names it.
        let _ = fs::create_dir_all(directory);
    }
    let mut connection = connect(path, busy_timeout)?;
    // A registry needs nothing more, and other programs' files are refused as they are.
    if check(&connection)? == State::Ready {
        return Ok(connection);
    }
    enter_wal_mode(&connection, busy_timeout)?;
    let setup = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if check(&setup)? == State::Empty {
        setup.execute_batch(include_str!("tables.sql"))?;
        setup.pragma_update(None, "application_id", APPLICATION_ID)?;
        setup.pragma_update(None, "user_version", LAYOUT)?;
    }
    setup.commit()?;
    Ok(connection)
}

/// A connection to the registry.
pub(super) fn connect(path: &Path, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy_timeout)?;
    // What is acknowledged survives a power failure too.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Which file a path names; `None` if it names none.
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[derive(PartialEq, Eq)]
enum State {
    Empty,
    Ready,
}

/// Looks whether the file is a registry, or can become one.
fn check(connection: &Connection) -> Result<State, Failure> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if pragma("application_id")? == APPLICATION_ID {
        return match pragma("user_version")? {
            LAYOUT => Ok(State::Ready),
            other => Err(Failure::Unusable(format!(
                "its layout is {other}, expected {LAYOUT}: use the cvt-plugin-sqlite that made it"
            ))),
        };
    }
    let empty = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
    if connection.query_row(empty, [], |row| row.get(0))? {
        return Ok(State::Empty);
    }
    let why = "a database of another program: set `database` to another path";
    Err(Failure::Unusable(why.to_owned()))
}

/// SQLite does not wait for another process that switches the same new file at the same time.
fn enter_wal_mode(connection: &Connection, busy_timeout: Duration) -> Result<(), Failure> {
    let deadline = Instant::now() + busy_timeout;
    loop {
        let mode = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(Failure::Unusable(format!(
                    "WAL mode is not available (journal mode is {mode}): use a local disk"
                )));
            }
            Err(error) if is_busy(&error) && Instant::now() < deadline => thread::sleep(WAL_RETRY),
            Err(error) => return Err(error.into()),
        }
    }
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
