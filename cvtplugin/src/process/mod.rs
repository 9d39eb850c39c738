//! The plugin's own process: its environment, listener, streams and signals, and the watch on its
//! host.

mod budget;
mod connection_count;
mod descriptors;
mod environment;
mod handshake_output;
mod host_watch;
mod last_words;
mod listener;
mod output;
mod pump;
mod signals;
mod standard_streams;

pub(crate) use budget::within;
pub(crate) use connection_count::ConnectionCount;
pub(crate) use descriptors::require_spare;
pub(crate) use environment::{Environment, EnvironmentError, InvalidVariable};
pub(crate) use handshake_output::{HandshakeOutput, explain, explain_early_aborts, panic_message};
pub(crate) use host_watch::HostProcess;
pub(crate) use last_words::pass_on_last_words;
#[cfg(feature = "host")]
pub(crate) use listener::is_own_directory;
pub(crate) use listener::{ListenError, Listener};
pub(crate) use output::{Output, Printed, Reader};
pub(crate) use pump::Pump;
pub(crate) use signals::{IgnoredSignals, Signals, survive_signals, unblock_signals};
pub(crate) use standard_streams::StandardStreams;
