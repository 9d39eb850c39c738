//! The plugin's own process: its environment, listener, streams and signals, and the watch on its
//! host.

mod budget;
mod connections;
mod descriptors;
mod environment;
mod handshake_output;
mod host_watch;
mod listener;
mod output;
mod pump;
mod signals;
mod standard_streams;
mod start_error;

pub(crate) use budget::within;
pub(crate) use connections::Connections;
pub(crate) use environment::{Environment, EnvironmentError, InvalidVariable};
pub(crate) use handshake_output::HandshakeOutput;
pub(crate) use host_watch::HostProcess;
#[cfg(feature = "host")]
pub(crate) use listener::is_own_directory;
pub(crate) use listener::{ListenError, Listener};
pub(crate) use output::{Channel, Output, Printed, Reader};
pub(crate) use pump::Pump;
pub(crate) use signals::{Signals, unblock};
pub(crate) use standard_streams::StandardStreams;
pub(crate) use start_error::StartError;
