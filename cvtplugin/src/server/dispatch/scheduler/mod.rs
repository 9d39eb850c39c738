//! Polls handlers on the thread that drives the connections, without letting them stop it.
//!
//! Connections are tasks of one `current_thread` runtime, the *protocol*. Tokio documents that
//! several threads may enter it by [`block_on`](tokio::runtime::Runtime::block_on): one drives it, the others take
//! over when that one leaves. Handlers are not tasks of the protocol. They wait in a queue, and are
//! polled *outside* the protocol, with the author's own runtime entered:
//!
//! ```text
//!   leader       block_on(protocol) ──ready──> poll handlers ──> block_on(protocol) ──> ..
//!                accept, read, decode,         at most 64,       deliver the results,
//!                queue new handlers            then back         encode, write
//!
//!   supervisor   parked while idle; otherwise looks every 5 ms
//! ```
//!
//! So a call costs no change of threads. When the supervisor finds that the leader has polled
//! handlers for over 2 ms, it takes over:
//!
//! ```text
//!   leader       poll handlers ·····stuck····· ──> helps, until no handler is being polled ──> leads
//!   supervisor   block_on(protocol): polls no handler, starts helpers while handlers are ready
//!   helpers      poll handlers; end after a second without any
//! ```
//!
//! A helper that is stuck on the CPU keeps its place: `worker_threads` handlers run at once. One
//! that sleeps, waits for a lock or for a disk does not count, so that handlers which block their
//! threads delay neither the protocol nor other handlers.
//!
//! What wakes the protocol from outside costs a system call. The wake-ups of connections whose
//! responses are there are therefore [held back](held_wakes) until the leader is inside again.
//!
//! `cd tests/interop && go run ./bench ..`, CPU per call beside the Go SDK's: 0.50 of 64 callers and
//! 0.58 of one; with threads of their own for handlers it was 0.76 and 0.95.

mod engine;
mod held_wakes;
mod helpers;
mod leader;
mod poller;
mod queue;
mod shared;
mod starting;
mod supervisor;
mod task;
mod thread_hook;
mod thread_state;

pub(crate) use engine::{Engine, EngineError};
pub(crate) use held_wakes::HeldWaker;
pub(crate) use starting::StartingEngine;
pub(crate) use task::{Failure, Scheduler, owns_thread};
pub(crate) use thread_hook::ThreadHook;
