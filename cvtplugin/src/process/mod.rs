//! What happens once per process: the environment, the standard streams, the socket, the end.

mod budget;
mod descriptors;
mod environment;
mod host_watch;
mod listener;
mod output;
mod pump;
mod signals;
mod standard_streams;

pub(crate) use budget::within;
pub(crate) use descriptors::{raise_limit, require_spare};
pub(crate) use environment::{Environment, EnvironmentError};
pub(crate) use host_watch::HostProcess;
#[cfg(feature = "host")]
pub(crate) use listener::FOLDER_PREFIX;
pub(crate) use listener::Listener;
pub(crate) use output::{Channel, Output, Printed, Reader};
pub(crate) use pump::Pump;
pub(crate) use signals::Signals;
pub(crate) use standard_streams::StandardStreams;
