//! The outbox: alerts on disk, until Slack has accepted them.
//!
//! They are posted one after the other, so that a crash leaves at most one of which nobody knows
//! whether Slack has it. That one is posted again, with a remark.

mod journal;
mod store;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cvtplugin::prelude::*;
use serde_json::Value;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::store::{Attempt, Caller, Store};
use crate::dedup::Dedup;
use crate::webhook::{Failure, Webhook};

/// How long a post may take that nobody waits for.
const POST_TIMEOUT: Duration = Duration::from_secs(60);

/// The pauses between posts that fail.
const MIN_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(300);

/// How long the end of the plugin waits for a post, of the second that it has.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(900);

pub(crate) struct Outbox {
    shared: Arc<Shared>,
    worker: JoinHandle<()>,
}

struct Shared {
    store: Mutex<Store>,
    webhook: Arc<Webhook>,
    dedup: Arc<Dedup>,
    /// There is something new to post.
    added: Notify,
    /// The first failure is the end, and so is there being nothing to post.
    is_closing: AtomicBool,
    has_ended: watch::Sender<bool>,
}

enum Posted {
    Accepted,
    Failed,
    Nothing,
}

/// A path as operators write it. A relative one would depend on where `cvt` is run.
pub(crate) fn path(text: &str) -> Result<PathBuf, &'static str> {
    let home = std::env::home_dir().zip(text.strip_prefix("~/"));
    let path = home.map_or_else(|| text.into(), |(home, rest)| home.join(rest));
    Some(path)
        .filter(|path: &PathBuf| path.is_absolute())
        .ok_or("expected an absolute path, or one that begins with ~/")
}

impl Outbox {
    /// Opens the outbox, and begins to send what is in it.
    pub(crate) fn open(path: &Path, webhook: Arc<Webhook>, dedup: Arc<Dedup>) -> Result<Self> {
        let store = Store::open(path)?;
        let shared = Arc::new(Shared {
            store: Mutex::new(store),
            webhook,
            dedup,
            added: Notify::new(),
            is_closing: AtomicBool::new(false),
            has_ended: watch::Sender::new(false),
        });
        let worker = tokio::spawn(shared.clone().work());
        Ok(Self { shared, worker })
    }

    /// Keeps an alert, and waits until Slack has accepted it or not. If not, it stays here.
    pub(crate) async fn send(
        &self,
        key: &str,
        body: Value,
        deadline: Option<Instant>,
    ) -> Result<()> {
        let (reply, outcome) = oneshot::channel();
        let added = self.shared.add(key, &body, Caller { reply, deadline });
        if let Err(error) = added {
            tracing::error!("cannot keep an alert in the outbox: {error}");
            let posted = self.shared.webhook.post(&body, deadline).await;
            return posted.map_err(|failure| {
                let message = format!("the alert is lost, the outbox cannot keep it ({error})");
                Error::new(failure.error.code(), message).with_source(failure.error)
            });
        }
        self.shared.added.notify_one();
        let ended = outcome.await.unavailable(KEPT)?;
        ended.map_err(|error| Error::new(error.code(), KEPT).with_source(error))
    }

    /// Posts what there is for as long as Slack accepts it, but only for a moment.
    pub(crate) async fn close(&self) {
        let mut has_ended = self.shared.has_ended.subscribe();
        self.shared.is_closing.store(true, Ordering::Relaxed);
        self.shared.added.notify_one();
        let ended = has_ended.wait_for(|&has_ended| has_ended);
        if timeout(CLOSE_TIMEOUT, ended).await.is_err() {
            self.worker.abort();
        }
    }
}

const KEPT: &str = "the alert is kept in the outbox and will be sent later";

impl Drop for Outbox {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

impl Shared {
    fn add(&self, key: &str, body: &Value, caller: Caller) -> io::Result<()> {
        let mut store = self.store();
        // It may just have been posted, for a caller that waits no more.
        if self.dedup.is_repeat(key) {
            let _ = caller.reply.send(Ok(()));
            return Ok(());
        }
        store.add(key, body, caller, !self.dedup.is_off())
    }

    /// Posts what there is, one alert after the other.
    async fn work(self: Arc<Self>) {
        let mut pause = MIN_PAUSE;
        loop {
            match self.post_next().await {
                Posted::Accepted => pause = MIN_PAUSE,
                Posted::Nothing if self.rest(MAX_PAUSE).await => {}
                Posted::Failed if self.rest(pause).await => pause = MAX_PAUSE.min(pause * 2),
                Posted::Nothing | Posted::Failed => break,
            }
        }
        self.has_ended.send_replace(true);
    }

    async fn post_next(&self) -> Posted {
        let next = self.store().next();
        let Some(Attempt { id, body, caller }) = next else {
            return Posted::Nothing;
        };
        let deadline = caller.as_ref().and_then(|caller| caller.deadline);
        let deadline = deadline.or_else(|| Instant::now().checked_add(POST_TIMEOUT));
        let (posted, outcome) = match self.webhook.post(&body, deadline).await {
            Ok(()) => {
                self.succeeded(id);
                (Posted::Accepted, Ok(()))
            }
            Err(Failure { error, may_be_sent }) => {
                tracing::warn!("Slack has not accepted an alert, the outbox keeps it: {error}");
                self.store().failed(id, may_be_sent);
                (Posted::Failed, Err(error))
            }
        };
        if let Some(caller) = caller {
            // Whoever does not wait any more need not know.
            let _ = caller.reply.send(outcome);
        }
        posted
    }

    fn succeeded(&self, id: store::Id) {
        let mut store = self.store();
        let Some(pending) = store.done(id) else {
            return;
        };
        // Before anybody else can look for it in the store.
        self.dedup.posted(&pending.entry.key);
        drop(store);
        if let Some(later_caller) = pending.caller {
            let _ = later_caller.reply.send(Ok(()));
        }
    }

    /// Waits until it is time for another try: at once if somebody waits for an alert. False at the
    /// end.
    async fn rest(&self, pause: Duration) -> bool {
        if !self.store().is_awaited() {
            let _ = timeout(pause, self.added.notified()).await;
        }
        !self.is_closing.load(Ordering::Relaxed)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
