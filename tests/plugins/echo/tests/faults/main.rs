//! The fault matrix: what a plugin does when things go wrong around it, in it, or in its host.
//!
//! Each fault is a test against a real binary. Nothing is timed: a limit here is how long an event
//! is waited for.

mod access;
mod acknowledged;
mod broken_peers;
mod control;
mod deadlines;
mod endings;
mod environments;
#[path = "../it/harness.rs"]
mod harness;
mod ledger;
mod limits;
mod orphans;
mod panics;
mod requests;
mod streams;
mod strictness;
mod stuck_logs;
mod tools;
mod under_load;
