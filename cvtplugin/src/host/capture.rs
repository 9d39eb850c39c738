//! What a plugin says, kept for a test to look at.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::OutputChannel;
use crate::LogRecord;

/// How long a test waits for what has to be said. No measure: only a test that fails waits so
/// long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keeps all that a plugin logs and prints, and waits for what it has yet to say. Cheap to clone;
/// clones share what they keep.
///
/// ```no_run
/// use cvtplugin::host::{Capture, Host, OutputChannel};
/// use cvtplugin::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let said = Capture::default();
/// let plugin = Host::new("target/debug/cvt-plugin-bell").capture(&said).launch().await?;
/// plugin.on_validation_failed(ValidationFailedRequest::new("petstore", "GET", "/pets")).await?;
/// let record = said.log(|record| record.message.contains("validation failed")).await;
/// assert_eq!(record.fields["schema"], "petstore");
/// assert_eq!(said.printed(OutputChannel::Stdout, "ding").await, "ding dong\n");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Capture {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    said: Mutex<Captured>,
    more: Notify,
}

#[derive(Default)]
struct Captured {
    logs: Vec<LogRecord>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Capture {
    /// The records of the plugin's log so far.
    pub fn logs(&self) -> Vec<LogRecord> {
        self.lock().logs.clone()
    }

    /// What the plugin has printed so far; what is no UTF-8 is replaced.
    pub fn output(&self, channel: OutputChannel) -> String {
        let said = self.lock();
        let printed = match channel {
            OutputChannel::Stdout => &said.stdout,
            OutputChannel::Stderr => &said.stderr,
        };
        String::from_utf8_lossy(printed).into_owned()
    }

    /// Waits for a record of the plugin's log, which may be there already; of several, returns
    /// the first.
    ///
    /// # Panics
    ///
    /// When it has not come in 20 s, with all that was logged instead; outside a Tokio runtime
    /// with time enabled.
    pub async fn log(&self, wanted: impl Fn(&LogRecord) -> bool) -> LogRecord {
        let found = || {
            self.lock()
                .logs
                .iter()
                .find(|record| wanted(record))
                .cloned()
        };
        self.until(found).await.unwrap_or_else(|| {
            panic!("the record has not come; these have: {:#?}", self.logs());
        })
    }

    /// Waits until the plugin has printed `text`, and returns all that it has printed so far.
    ///
    /// # Panics
    ///
    /// When it has not come in 20 s, with what was printed instead; outside a Tokio runtime with
    /// time enabled.
    pub async fn printed(&self, channel: OutputChannel, text: &str) -> String {
        let found = || Some(self.output(channel)).filter(|printed| printed.contains(text));
        self.until(found).await.unwrap_or_else(|| {
            let printed = self.output(channel);
            panic!("{text:?} was not printed to {channel:?}, but {printed:?}");
        })
    }

    /// Waits until there is something to be `found`.
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
        timeout(PATIENCE, look).await.ok()
    }

    pub(crate) fn keep_log(&self, record: LogRecord) {
        self.lock().logs.push(record);
        self.shared.more.notify_waiters();
    }

    pub(super) fn keep_output(&self, channel: OutputChannel, data: &[u8]) {
        let mut said = self.lock();
        match channel {
            OutputChannel::Stdout => said.stdout.extend_from_slice(data),
            OutputChannel::Stderr => said.stderr.extend_from_slice(data),
        }
        drop(said);
        self.shared.more.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Captured> {
        let said = self.shared.said.lock();
        said.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("logs", &self.lock().logs.len())
            .finish_non_exhaustive()
    }
}
