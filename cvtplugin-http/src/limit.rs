//! How long a request may take, with its retries and the reading of its body.

use std::future::Future;
use std::time::{Duration, Instant};

use cvtplugin::{Error, Result};
use tokio::time::timeout_at;
use url::Url;

use crate::errors::{Place, too_slow};

/// How much earlier than its call a request ends, so that the error can say what was slow.
const MARGIN: Duration = Duration::from_millis(20);

/// The longest pause where there is no deadline.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Until when a request may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(Option<Instant>);

impl Limit {
    pub(crate) fn new(deadline: Option<Instant>) -> Self {
        Self(deadline)
    }

    /// Waits for `work`, but no longer than this.
    pub(crate) async fn apply<T>(self, url: &Url, work: impl Future<Output = T>) -> Result<T> {
        let Some(deadline) = self.0 else {
            return Ok(work.await);
        };
        let end = deadline.checked_sub(MARGIN).unwrap_or(deadline);
        let late = |_| -> Error { too_slow(&Place::Host.of(url)) };
        timeout_at(end.into(), work).await.map_err(late)
    }

    pub(crate) fn leaves_room_for(self, pause: Duration) -> bool {
        match self.0 {
            Some(deadline) => Instant::now() + pause + MARGIN < deadline,
            None => pause <= MAX_PAUSE,
        }
    }
}
