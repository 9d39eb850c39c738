//! A variable whose value a plugin cannot follow.

use std::error::Error;
use std::fmt;

/// `unix` or `tcp`: our own variable, with which tests get the listener of another system.
pub(super) const NETWORK: &str = "CVT_PLUGIN_NETWORK";

/// A variable of the environment that has an invalid value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InvalidVariable {
    Network { value: String },
    Port { name: &'static str, value: String },
    PortRange { min: u16, max: u16 },
}

impl fmt::Display for InvalidVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { value } => {
                write!(f, "invalid {NETWORK} {value:?}: expected unix or tcp")
            }
            Self::Port { name, value } => {
                write!(
                    f,
                    "invalid {name} {value:?}: expected a port from 0 to 65535"
                )
            }
            Self::PortRange { min, max } => write!(
                f,
                "invalid port range, PLUGIN_MIN_PORT={min} and PLUGIN_MAX_PORT={max}: expected \
                 the minimum to be at most the maximum"
            ),
        }
    }
}

impl Error for InvalidVariable {}
