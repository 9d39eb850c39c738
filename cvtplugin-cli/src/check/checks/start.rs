//! The first launch: how far it got.

use std::cmp::Ordering;

use cvtplugin::host::LaunchError;
use cvtplugin::pb::handshake::v1::InfoResponse;

use crate::check::outcome::{Finding, Outcome};

/// The steps of a launch, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Step {
    Spawn,
    QuietStdout,
    Handshake,
    Version,
    Ping,
    Info,
    Config,
}

/// Who the plugin is, or why it could not be launched.
pub(in crate::check) type Start = Result<InfoResponse, LaunchError>;

impl Step {
    /// Whether the launch got through this step, or why not.
    pub(in crate::check) fn of(self, start: &Start, found: impl Into<String>) -> Outcome {
        let Err(error) = start else {
            return Ok(found.into());
        };
        match self.cmp(&Self::that_failed(error)) {
            Ordering::Less => Ok(found.into()),
            Ordering::Equal => Err(Finding::fail(error.to_string(), self.advice())),
            Ordering::Greater => Err(Finding::skip("the plugin does not get so far")),
        }
    }

    fn that_failed(error: &LaunchError) -> Self {
        match error {
            // An empty line is one that never came: stdout was closed.
            LaunchError::BadHandshake { line, .. } if !line.is_empty() && !line.contains('|') => {
                Self::QuietStdout
            }
            LaunchError::BadHandshake { .. }
            | LaunchError::Exited { .. }
            | LaunchError::NoHandshake { .. } => Self::Handshake,
            LaunchError::ProtocolVersion { .. } => Self::Version,
            LaunchError::Connect(_) | LaunchError::Ping(_) => Self::Ping,
            LaunchError::Info(_) => Self::Info,
            LaunchError::SetConfig { .. } => Self::Config,
            // Spawn, and what a later version may add.
            _ => Self::Spawn,
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Spawn => "build the plugin for this machine, and make the file executable",
            Self::QuietStdout => {
                "print nothing to stdout before the handshake line: log to stderr instead"
            }
            Self::Handshake => {
                "print `1|1|unix|SOCKET|grpc|` to stdout and flush it, once the socket takes \
                 connections and within 5 s; do slow work after that"
            }
            Self::Version => "speak version 1, in the handshake line as well as in Info",
            Self::Ping => "serve grpc.health.v1.Health with `plugin` SERVING on the socket",
            Self::Info => "respond to Info with name, version, services and protocol_version 1",
            Self::Config => {
                "CVT does not start with a plugin that refuses its config: fix the value, given \
                 by --config, or take it in SetConfig"
            }
        }
    }
}
