//! The protocol's messages, under the paths of their protobuf packages.
//!
//! Every message is `#[non_exhaustive]`: make one with its `new` and its setters, so that a
//! field that the protocol gains later breaks nobody. The bare fields are public for reading.
//!
//! ```
//! use cvtplugin::pb::registry::v1::FetchSchemaRequest;
//!
//! let request = FetchSchemaRequest::new("petstore").version("1.2.0");
//! assert_eq!(request.schema_id, "petstore");
//! ```

/// `cvt.plugin.handshake`: who a plugin is, how it is, and what it is told.
pub mod handshake {
    /// `cvt.plugin.handshake.v1`.
    pub mod v1 {
        pub use crate::generated::handshake_v1::*;
    }
}

/// `cvt.plugin.registry`: where CVT gets its schemas from.
pub mod registry {
    /// `cvt.plugin.registry.v1`.
    pub mod v1 {
        pub use crate::generated::registry_v1::*;
    }
}

/// `cvt.plugin.events`: what CVT reports its findings to.
pub mod events {
    /// `cvt.plugin.events.v1`.
    pub mod v1 {
        pub use crate::generated::events_v1::*;
    }
}
