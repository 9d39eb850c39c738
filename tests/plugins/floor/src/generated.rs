//! tonic's code for the services, which stands in cvtplugin and is not public there.

#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    missing_docs,
    unexpected_cfgs,
    unreachable_pub
)]

pub(crate) mod handshake {
    include!("../../../../cvtplugin/src/generated/services/cvt.plugin.handshake.v1.rs");
}
pub(crate) mod registry {
    include!("../../../../cvtplugin/src/generated/services/cvt.plugin.registry.v1.rs");
}
pub(crate) mod go_plugin {
    include!("../../../../cvtplugin/src/generated/services/plugin.rs");
}
