//! How much a plugin takes on at once, decided once for each request.
//!
//! What is over a limit is refused with a clear status, never queued: `Shutdown` would have to wait
//! in the same queue. All bytes that are held for a peer count against its connection's limit, and
//! against one for all connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use http::Request;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::memory;
use crate::server::shutdown::Shutdown;
use crate::{Error, Result};

/// Calls of extensions at once, from their first byte on.
pub(crate) const MAX_CALLS: usize = 16 * 1024;

/// The longest request message in bytes, as for a Go plugin.
pub(crate) const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// Bytes held for one connection. One that holds more is closed.
const MAX_CONNECTION_BYTES: usize = 128 * 1024 * 1024;

/// Of these, bytes of headers. As many calls as there may be have far less of them: some 3 KiB each.
const MAX_CONNECTION_HEADERS: usize = 64 * 1024 * 1024;

/// As long as a connection holds less, requests may add their messages to it. The rest is for the
/// headers of further calls.
const MAX_MESSAGE_BYTES: usize = 96 * 1024 * 1024;

/// Bytes held for all connections. The one that goes beyond is closed, unless it is the host's.
const MAX_PROCESS_BYTES: usize = 192 * 1024 * 1024;

/// Of these, bytes of headers.
const MAX_PROCESS_HEADERS: usize = 80 * 1024 * 1024;

/// A connection that held as much gives memory back when it ends.
const MANY_BYTES: usize = 16 * 1024 * 1024;

/// What a request costs besides its headers and its message.
const REQUEST_OVERHEAD: usize = 1024;

/// What a header costs besides its name and its value: its place in a table that doubles in size.
const HEADER_OVERHEAD: usize = 160;

/// The error of what is over a limit.
pub(crate) fn exhausted(what: &str, limit: usize) -> Error {
    Error::resource_exhausted(format!("{what}: the limit is {limit}"))
}

/// What a request is to the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Health, handshake, shutdown, streams: never refused for their number.
    Control,
    /// A call of an extension.
    Call,
}

/// Bytes that are held in memory.
#[derive(Default)]
struct Held {
    all: AtomicUsize,
    headers: AtomicUsize,
}

impl Held {
    /// Adds bytes, so many of them of headers, and returns what is held then.
    fn add(&self, all: usize, headers: usize) -> (usize, usize) {
        (
            self.all.fetch_add(all, Ordering::Relaxed) + all,
            self.headers.fetch_add(headers, Ordering::Relaxed) + headers,
        )
    }

    fn remove(&self, all: usize, headers: usize) {
        self.all.fetch_sub(all, Ordering::Relaxed);
        self.headers.fetch_sub(headers, Ordering::Relaxed);
    }
}

/// The counts of a whole plugin. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Admission {
    shutdown: Shutdown,
    calls: Arc<AtomicUsize>,
    held: Arc<Held>,
    has_host: Arc<AtomicBool>,
}

impl Admission {
    pub(crate) fn new(shutdown: Shutdown) -> Self {
        Self {
            shutdown,
            calls: Arc::default(),
            held: Arc::default(),
            has_host: Arc::default(),
        }
    }

    /// Counts one more connection. The first is the host's: nobody else knows the address before.
    pub(crate) fn connect(&self) -> Arc<Peer> {
        Arc::new(Peer {
            admission: self.clone(),
            is_host: !self.has_host.swap(true, Ordering::Relaxed),
            held: Held::default(),
            most_held: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            is_over: CancellationToken::new(),
        })
    }
}

/// The other side of a connection, and what is held for it.
pub(crate) struct Peer {
    admission: Admission,
    is_host: bool,
    held: Held,
    most_held: AtomicUsize,
    requests: AtomicUsize,
    is_over: CancellationToken,
}

impl Peer {
    /// Admits a request, until its response is sent.
    pub(crate) fn admit<B>(
        self: &Arc<Self>,
        class: Class,
        request: &Request<B>,
    ) -> Result<RequestPermit> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut permit = RequestPermit {
            peer: self.clone(),
            class,
            bytes: 0,
            headers: 0,
            in_flight: None,
        };
        permit.hold_headers(cost(request));
        if class == Class::Call && self.admission.calls.fetch_add(1, Ordering::Relaxed) >= MAX_CALLS
        {
            return Err(exhausted("too many calls at once", MAX_CALLS));
        }
        Ok(permit)
    }

    /// Waits until the peer holds more than it may.
    pub(crate) async fn over_limit(&self) {
        self.is_over.cancelled().await;
    }

    /// Asks for the connection's end, as if it were over its limit.
    pub(crate) fn evict(&self) {
        self.is_over.cancel();
    }

    /// Whether another connection may take this one's place.
    pub(crate) fn is_idle(&self) -> bool {
        !self.is_host && self.requests.load(Ordering::Relaxed) == 0
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if *self.most_held.get_mut() > MANY_BYTES {
            memory::give_back();
        }
    }
}

/// What a request holds in memory before its message.
fn cost<B>(request: &Request<B>) -> usize {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + HEADER_OVERHEAD);
    REQUEST_OVERHEAD + request.uri().path().len() + headers.sum::<usize>()
}

/// One admitted request. What it holds no longer counts when this is dropped.
pub(crate) struct RequestPermit {
    peer: Arc<Peer>,
    class: Class,
    bytes: usize,
    headers: usize,
    /// The end of the plugin waits for it.
    in_flight: Option<TaskTrackerToken>,
}

impl RequestPermit {
    /// Adds a piece of the request's message.
    pub(crate) fn add(&mut self, bytes: usize) -> Result<()> {
        if self.peer.held.all.load(Ordering::Relaxed) + bytes > MAX_MESSAGE_BYTES {
            return Err(exhausted(
                "too many bytes in requests at once",
                MAX_MESSAGE_BYTES,
            ));
        }
        self.hold(bytes);
        Ok(())
    }

    /// Puts a call whose message has arrived in flight: the plugin's end waits for it from now on.
    pub(crate) fn begin(&mut self) -> Result<()> {
        if self.class == Class::Call {
            self.in_flight = self.peer.admission.shutdown.enter();
            if self.in_flight.is_none() {
                return Err(Error::unavailable("the plugin is shutting down"));
            }
        }
        Ok(())
    }

    fn hold_headers(&mut self, bytes: usize) {
        self.headers += bytes;
        self.hold_more(bytes, bytes);
    }

    fn hold(&mut self, bytes: usize) {
        self.hold_more(bytes, 0);
    }

    fn hold_more(&mut self, bytes: usize, headers: usize) {
        self.bytes += bytes;
        let peer = &self.peer;
        let (own, own_headers) = peer.held.add(bytes, headers);
        peer.most_held.fetch_max(own, Ordering::Relaxed);
        let (total, total_headers) = peer.admission.held.add(bytes, headers);
        let is_over = own > MAX_CONNECTION_BYTES || own_headers > MAX_CONNECTION_HEADERS;
        let are_all_over = total > MAX_PROCESS_BYTES || total_headers > MAX_PROCESS_HEADERS;
        if is_over || (are_all_over && !peer.is_host) {
            peer.is_over.cancel();
        }
    }
}

impl Drop for RequestPermit {
    fn drop(&mut self) {
        drop(self.in_flight.take());
        let peer = &self.peer;
        peer.held.remove(self.bytes, self.headers);
        peer.admission.held.remove(self.bytes, self.headers);
        self.peer.requests.fetch_sub(1, Ordering::Relaxed);
        if self.class == Class::Call {
            self.peer.admission.calls.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
