//! What `cargo run -p cvtplugin-codegen` wrote. Change the .proto files, not these.
//!
//! The messages are public through [`crate::pb`]; the services name tonic and stay inside. What
//! passes calls on stands where it belongs: `client.rs` in the host's client, `extensions.rs` in
//! the services of the plugin.

#![allow(clippy::all, clippy::pedantic)]

pub(crate) mod handshake_v1 {
    include!("cvt.plugin.handshake.v1.rs");
}
pub(crate) mod registry_v1 {
    include!("cvt.plugin.registry.v1.rs");
}
pub(crate) mod events_v1 {
    include!("cvt.plugin.events.v1.rs");
}
pub(crate) mod rpc;

#[allow(missing_docs, unreachable_pub)]
pub(crate) mod services {
    pub(crate) mod handshake_v1 {
        include!("services/cvt.plugin.handshake.v1.rs");
    }
    pub(crate) mod registry_v1 {
        include!("services/cvt.plugin.registry.v1.rs");
    }
    pub(crate) mod events_v1 {
        include!("services/cvt.plugin.events.v1.rs");
    }
    pub(crate) mod go_plugin {
        include!("services/plugin.rs");
    }
}
