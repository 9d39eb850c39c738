//! What the macros' output calls. Not for authors: it may change in any release.
//!
//! The traits here are what rustc checks the types in an author's methods against, and their
//! messages are what the author reads. Each is reached through a blanket impl that rustc is told
//! not to recommend, so that it complains of the trait with the message and of none behind it.

#![allow(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod argument;
mod blocking;
pub mod config;
mod construct;
mod layers;
mod presence;
mod read_config;
mod response;
mod shared;

pub use std::convert::{From, identity};
pub use std::option::Option;
pub use std::string::String;
pub use std::sync::Arc;

pub use crate::logging::MakeLayers;
pub use crate::pb::events::v1 as events;
pub use crate::pb::registry::v1 as registry;
pub use crate::plugin::{Definition as Plugin, NotProvided};
pub use crate::{
    Context, EventHandler, Health, PluginInfo, RegistryProvider, Result, Rpc, RuntimeOptions,
    SecretString, Tasks,
};

pub use argument::{pass, pass_secret};
pub use blocking::{blocking, blocking_new};
pub use construct::{default, into_plugin};
pub use layers::layers;
pub use presence::handles_something;
pub use read_config::{ConfigReader, HoldsConfig, reader};
pub(crate) use response::Acknowledgement;
pub use response::{acknowledge, exactly, into_error, opted_out, response};
pub use shared::{Adapter, SendSync, send};
