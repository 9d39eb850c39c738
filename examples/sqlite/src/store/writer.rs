//! The one writer. Each transaction waits for the disk, so writes that come together share one.

use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cvtplugin::{Error, Result, ResultExt as _};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::{Failure, RegistryFile};
use super::open;

/// How long to wait before another try to lock the file. SQLite's own pauses are so long that
/// some process may never get its turn.
const LOCK_RETRY: Duration = Duration::from_millis(2);

/// Writes to the registry.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Mutex<Connection>,
    queue: Mutex<Queue>,
    /// The file that was opened, wherever it is now.
    identity: Option<(u64, u64)>,
}

/// Writes that nobody has begun.
#[derive(Default)]
struct Queue(Vec<Box<dyn Write>>);

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} writes", self.0.len())
    }
}

/// A write, and whoever waits for it.
trait Write: Send {
    /// Does the work. This may happen more than once.
    fn run(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()>;

    /// Tells whoever waits what has become of it.
    fn reply(self: Box<Self>, committed: Result<()>);
}

struct Work<F, T> {
    task: F,
    result: Option<T>,
    reply: Sender<Result<T>>,
}

impl<F, T> Write for Work<F, T>
where
    F: Fn(&Transaction<'_>) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        self.result = Some((self.task)(transaction)?);
        Ok(())
    }

    fn reply(self: Box<Self>, committed: Result<()>) {
        let Self { result, reply, .. } = *self;
        let result = committed.and_then(|()| result.internal("it was committed, not run"));
        // Who waits waits until there is a reply.
        let _ = reply.send(result);
    }
}

impl Writer {
    pub(super) fn new(connection: Connection, file: RegistryFile<'_>) -> rusqlite::Result<Self> {
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self {
            connection: Mutex::new(connection),
            queue: Mutex::default(),
            identity: open::identity(file.path),
        })
    }

    /// Does `work` in a transaction. It is on disk when this returns `Ok`, and undone otherwise.
    pub(super) fn write<T: Send + 'static>(
        &self,
        file: RegistryFile<'_>,
        work: impl Fn(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, replied) = mpsc::channel();
        let write = Work {
            task: work,
            result: None,
            reply,
        };
        lock(&self.queue).0.push(Box::new(write));
        {
            // Whoever gets the connection does all that has come meanwhile. For the others there
            // is nothing left to do.
            let connection = lock(&self.connection);
            let writes = std::mem::take(&mut lock(&self.queue).0);
            self.write_all(&connection, file, writes);
        }
        replied.recv().internal("another write has panicked")?
    }

    fn write_all(
        &self,
        connection: &Connection,
        file: RegistryFile<'_>,
        mut writes: Vec<Box<dyn Write>>,
    ) {
        let together = self.commit(connection, file, &mut writes);
        if writes.len() < 2 || matches!(together, Ok(()) | Err(NotCommitted::Begin(_))) {
            reply_all(writes, file, together);
            return;
        }
        // One of them is to blame, and the others are not to suffer for it.
        for write in writes {
            let mut alone = vec![write];
            let committed = self.commit(connection, file, &mut alone);
            reply_all(alone, file, committed);
        }
    }

    fn commit(
        &self,
        connection: &Connection,
        file: RegistryFile<'_>,
        writes: &mut [Box<dyn Write>],
    ) -> Result<(), NotCommitted> {
        if writes.is_empty() {
            return Ok(());
        }
        // A file that was deleted would take writes that nobody ever reads.
        if open::identity(file.path) != self.identity {
            let why = "the file was deleted or replaced while in use: restart this program";
            return Err(NotCommitted::Begin(Failure::Unusable(why.to_owned())));
        }
        let begun = begin(connection, file.busy_timeout);
        let transaction = begun.map_err(|error| NotCommitted::Begin(error.into()))?;
        let run = || {
            for write in writes {
                write.run(&transaction)?;
            }
            transaction.commit()
        };
        run().map_err(|error| NotCommitted::Write(error.into()))
    }
}

/// Why writes are not on disk.
enum NotCommitted {
    /// There was no transaction: it would be the same for each of them.
    Begin(Failure),
    /// One of them failed.
    Write(Failure),
}

fn reply_all(
    writes: Vec<Box<dyn Write>>,
    file: RegistryFile<'_>,
    committed: Result<(), NotCommitted>,
) {
    let error = committed.err().map(|error| match error {
        NotCommitted::Begin(failure) | NotCommitted::Write(failure) => file.explain(failure),
    });
    for write in writes {
        let committed = match &error {
            None => Ok(()),
            Some(error) => Err(Error::new(error.code(), error.message())),
        };
        write.reply(committed);
    }
}

/// Begins a transaction, as soon as no other process writes.
fn begin(connection: &Connection, timeout: Duration) -> rusqlite::Result<Transaction<'_>> {
    let deadline = Instant::now() + timeout;
    loop {
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            Err(error) if open::is_busy(&error) && Instant::now() < deadline => {
                thread::sleep(LOCK_RETRY);
            }
            begun => return begun,
        }
    }
}

/// A thread that panicked has left no half-done work behind: its transaction was rolled back.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

    #[test]
    fn writes_that_come_together_are_committed_together_and_fail_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = &directory.path().join("registry.db");
        let file = RegistryFile {
            path,
            busy_timeout: BUSY_TIMEOUT,
        };
        let connection = open::create(path, BUSY_TIMEOUT).expect("a registry");
        connection
            .execute_batch("CREATE TABLE numbers (number INTEGER UNIQUE)")
            .expect("a table");
        let writer = Writer::new(connection, file).expect("a writer");
        let results = thread::scope(|scope| {
            let writer = &writer;
            let held = lock(&writer.connection);
            // Two are the same, and one of these two fails.
            let threads = [1, 2, 3, 3].map(|number| {
                let insert = move |transaction: &Transaction<'_>| {
                    transaction.execute("INSERT INTO numbers VALUES (?1)", [number])
                };
                scope.spawn(move || writer.write(file, insert))
            });
            while lock(&writer.queue).0.len() < threads.len() {
                thread::yield_now();
            }
            drop(held);
            threads.map(|thread| thread.join().expect("no panic").is_ok())
        });
        assert_eq!((results[0], results[1]), (true, true));
        assert_ne!(results[2], results[3]);
        let count = "SELECT count(*) FROM numbers";
        let count = lock(&writer.connection).query_row(count, [], |row| row.get(0));
        assert_eq!(count, Ok(3));
    }
}
