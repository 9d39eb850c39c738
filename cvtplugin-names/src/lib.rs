//! The rules for names that [cvtplugin](https://docs.rs/cvtplugin), its macros and its command
//! share. Not an API of its own: it changes with them.

mod plugin_name;
mod suggestion;

pub use plugin_name::{BINARY_PREFIX, InvalidName, check, check_own, without_prefix};
pub use suggestion::{nearest, plain};
