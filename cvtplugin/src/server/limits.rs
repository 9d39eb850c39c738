//! How much a plugin takes on at once. What is over a limit is turned away with a clear status,
//! never queued: `Shutdown` would have to wait in the same queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tonic::Status;

/// Extension calls in flight.
pub(crate) const MAX_CALLS: usize = 16 * 1024;

/// Open connections. A host needs one.
pub(crate) const MAX_CONNECTIONS: usize = 2 * 1024;

/// The longest request message in bytes, as for a Go plugin.
pub(crate) const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// The bytes of all requests that have not been answered.
const MAX_RECEIVING: usize = 128 * 1024 * 1024;

/// The answer to what is over a limit.
pub(crate) fn exhausted(what: &str, limit: usize) -> Status {
    Status::resource_exhausted(format!("{what}: the limit is {limit}"))
}

/// Counts the bytes of requests that have not been answered. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Receiving(Arc<AtomicUsize>);

impl Receiving {
    /// Starts to count one request.
    pub(crate) fn request(&self) -> Received {
        Received {
            total: self.clone(),
            bytes: 0,
        }
    }
}

/// The bytes of one request; they no longer count when this is dropped.
pub(crate) struct Received {
    total: Receiving,
    bytes: usize,
}

impl Received {
    /// Counts `bytes` more.
    pub(crate) fn add(&mut self, bytes: usize) -> Result<(), Status> {
        self.bytes += bytes;
        let total = self.total.0.fetch_add(bytes, Ordering::Relaxed) + bytes;
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
        self.total.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_until_their_request_is_dropped() {
        let receiving = Receiving::default();
        let mut first = receiving.request();
        first.add(MAX_RECEIVING).expect("within the limit");
        let mut second = receiving.request();
        let status = second.add(1).expect_err("over the limit");
        assert_eq!(status.code(), tonic::Code::ResourceExhausted);
        drop((first, second));
        receiving
            .request()
            .add(MAX_RECEIVING)
            .expect("within the limit");
    }
}
