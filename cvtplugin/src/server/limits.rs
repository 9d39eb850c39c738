//! How much a plugin takes on at once. What is over a limit is turned away with a clear status,
//! never queued: `Shutdown` would have to wait in the same queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Error, Result};

/// Calls in flight, and unanswered requests to one service.
pub(crate) const MAX_CALLS: usize = 16 * 1024;

/// Open connections. A host needs one.
pub(crate) const MAX_CONNECTIONS: usize = 2 * 1024;

/// The longest request message in bytes, as for a Go plugin.
pub(crate) const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// The bytes of all requests to one service that have not been answered.
const MAX_RECEIVING: usize = 128 * 1024 * 1024;

/// The answer to what is over a limit.
pub(crate) fn exhausted(what: &str, limit: usize) -> Error {
    Error::resource_exhausted(format!("{what}: the limit is {limit}"))
}

/// Counts the requests to one service that have not been answered, from their first byte on, and
/// their bytes. Each service has its own, so that none uses up what another needs. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Receiving(Arc<Counts>);

#[derive(Default)]
struct Counts {
    requests: AtomicUsize,
    bytes: AtomicUsize,
}

impl Receiving {
    /// Counts one more request.
    pub(crate) fn begin(&self) -> Result<Received> {
        let received = Received {
            counts: self.0.clone(),
            bytes: 0,
        };
        if self.0.requests.fetch_add(1, Ordering::Relaxed) < MAX_CALLS {
            Ok(received)
        } else {
            Err(exhausted("too many calls at once", MAX_CALLS))
        }
    }
}

/// One request, which no longer counts when this is dropped.
pub(crate) struct Received {
    counts: Arc<Counts>,
    bytes: usize,
}

impl Received {
    /// Counts `bytes` more.
    pub(crate) fn add(&mut self, bytes: usize) -> Result<()> {
        self.bytes += bytes;
        let total = self.counts.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if total > MAX_RECEIVING {
            return Err(exhausted(
                "too many bytes in requests at once",
                MAX_RECEIVING,
            ));
        }
        Ok(())
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        self.counts.requests.fetch_sub(1, Ordering::Relaxed);
        self.counts.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn bytes_count_until_their_request_is_dropped() {
        let receiving = Receiving::default();
        let begin = || receiving.begin().expect("within the limit");
        let mut first = begin();
        first.add(MAX_RECEIVING).expect("within the limit");
        let mut second = begin();
        let error = second.add(1).expect_err("over the limit");
        assert_eq!(error.code(), Code::ResourceExhausted);
        drop((first, second));
        begin().add(MAX_RECEIVING).expect("within the limit");
    }

    #[test]
    fn requests_count_from_their_beginning_until_they_are_dropped() {
        let receiving = Receiving::default();
        let begun: Result<Vec<_>> = (0..MAX_CALLS).map(|_| receiving.begin()).collect();
        let begun = begun.expect("within the limit");
        for _ in 0..2 {
            let error = receiving.begin().err().expect("over the limit");
            assert_eq!(error.code(), Code::ResourceExhausted);
        }
        drop(begun);
        receiving.begin().expect("within the limit");
    }
}
