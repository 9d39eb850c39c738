//! A plugin's log and output, captured for tests.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::StdStream;
use crate::LogRecord;

/// How long a test waits for a record or output. Only a test that fails waits so long.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// Captures everything that a plugin logs and prints, and waits for what is still to come. Cheap
/// to clone; clones share what they have captured.
///
/// ```no_run
/// use cvtplugin::host::{Capture, Host, StdStream};
/// use cvtplugin::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let captured = Capture::default();
/// let plugin = Host::new("target/debug/cvt-plugin-bell").capture(&captured).launch().await?;
/// plugin.on_validation_failed(ValidationFailedRequest::new("petstore", "GET", "/pets")).await?;
/// let record = captured.log(|record| record.message.contains("validation failed")).await;
/// assert_eq!(record.fields["schema"], "petstore");
/// assert_eq!(captured.printed(StdStream::Stdout, "ding").await, "ding dong\n");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Capture {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    transcript: Mutex<Transcript>,
    more: Notify,
}

#[derive(Default)]
struct Transcript {
    logs: Vec<LogRecord>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Capture {
    /// The records of the plugin's log so far.
    pub fn logs(&self) -> Vec<LogRecord> {
        self.lock().logs.clone()
    }

    /// What the plugin has printed so far. Invalid UTF-8 is replaced.
    pub fn output(&self, stream: StdStream) -> String {
        let transcript = self.lock();
        let printed = match stream {
            StdStream::Stdout => &transcript.stdout,
            StdStream::Stderr => &transcript.stderr,
        };
        String::from_utf8_lossy(printed).into_owned()
    }

    /// Waits for a record of the plugin's log, and returns the first that matches. It may have
    /// been logged already.
    ///
    /// # Panics
    ///
    /// If there is none within 20 s, with all records that were logged; outside a Tokio runtime
    /// with time enabled.
    #[track_caller]
    pub fn log(&self, wanted: impl Fn(&LogRecord) -> bool) -> impl Future<Output = LogRecord> {
        let caller = Location::caller();
        async move {
            let found = || {
                let transcript = self.lock();
                let mut logs = transcript.logs.iter();
                logs.find(|record| wanted(record)).cloned()
            };
            self.until(found).await.unwrap_or_else(|| {
                panic!(
                    "{caller}: no such record was logged within {WAIT_TIMEOUT:?}, but these were: \
                     {:#?}",
                    self.logs()
                );
            })
        }
    }

    /// Waits until the plugin has printed `text`, and returns everything that it has printed so
    /// far.
    ///
    /// # Panics
    ///
    /// If that does not happen within 20 s, with what was printed; outside a Tokio runtime with
    /// time enabled.
    #[track_caller]
    pub fn printed(&self, stream: StdStream, text: &str) -> impl Future<Output = String> {
        let caller = Location::caller();
        async move {
            let found = || Some(self.output(stream)).filter(|printed| printed.contains(text));
            self.until(found).await.unwrap_or_else(|| {
                let printed = self.output(stream);
                panic!(
                    "{caller}: {text:?} was not printed to {stream:?} within {WAIT_TIMEOUT:?}, \
                     but this was: {printed:?}"
                );
            })
        }
    }

    /// Waits until `found` finds something.
    async fn until<T>(&self, found: impl Fn() -> Option<T>) -> Option<T> {
        let look = async {
            loop {
                let more = self.shared.more.notified();
                if let Some(found) = found() {
                    return found;
                }
                more.await;
            }
        };
        timeout(WAIT_TIMEOUT, look).await.ok()
    }

    pub(crate) fn keep_log(&self, record: LogRecord) {
        self.lock().logs.push(record);
        self.shared.more.notify_waiters();
    }

    pub(super) fn keep_output(&self, stream: StdStream, data: &[u8]) {
        let mut transcript = self.lock();
        match stream {
            StdStream::Stdout => transcript.stdout.extend_from_slice(data),
            StdStream::Stderr => transcript.stderr.extend_from_slice(data),
        }
        drop(transcript);
        self.shared.more.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Transcript> {
        let transcript = self.shared.transcript.lock();
        transcript.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("logs", &self.lock().logs.len())
            .finish_non_exhaustive()
    }
}
