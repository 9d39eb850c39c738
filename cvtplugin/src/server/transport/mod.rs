//! From connections to requests, and back: HTTP/2, admission, routing.

mod ack_batching;
pub(crate) mod admission;
pub(crate) mod connection;
mod connection_executor;
mod fair_reads;
mod memory;
mod request_body;
mod request_head;
mod response_body;
pub(crate) mod router;
mod turn;
