//! RPCs by name.

use std::fmt;
use std::str::FromStr;

use cvtplugin_names::nearest;

pub use crate::generated::rpc::Rpc;

/// Shows the RPC's [`name`](Rpc::name).
impl fmt::Display for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads the RPC's [`name`](Rpc::name).
impl FromStr for Rpc {
    type Err = ParseRpcError;

    fn from_str(name: &str) -> Result<Self, ParseRpcError> {
        let mut all = Self::ALL.iter().copied();
        all.find(|rpc| rpc.name() == name)
            .ok_or_else(|| ParseRpcError {
                name: name.to_owned(),
            })
    }
}

/// The error of reading an [`Rpc`] from a text that names none.
///
/// ```
/// use cvtplugin::Rpc;
///
/// assert_eq!("FetchSchema".parse(), Ok(Rpc::FetchSchema));
///
/// let error = "FetchSchemas".parse::<Rpc>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown RPC \"FetchSchemas\": did you mean `FetchSchema`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseRpcError {
    name: String,
}

impl fmt::Display for ParseRpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Rpc::ALL.iter().map(|rpc| rpc.name()).collect();
        write!(f, "unknown RPC {:?}: ", self.name)?;
        match nearest(&self.name, names.iter().copied()) {
            Some(meant) => write!(f, "did you mean `{meant}`?"),
            None => write!(f, "expected one of {}", names.join(", ")),
        }
    }
}

impl std::error::Error for ParseRpcError {}
