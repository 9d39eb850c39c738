//! The gRPC services of a plugin, a file each: from tonic's traits to ours.

mod broker;
mod controller;
mod extension;
mod handshake;
mod health;
mod payload;
#[cfg(feature = "reflection")]
mod reflection;
mod stdio;

pub(crate) use broker::broker;
pub(crate) use controller::controller;
pub(crate) use extension::{events, registry};
pub(crate) use handshake::handshake;
pub(crate) use health::health;
#[cfg(feature = "reflection")]
pub(crate) use reflection::add_reflection;
pub(crate) use stdio::stdio;
