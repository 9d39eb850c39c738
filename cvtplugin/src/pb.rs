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

/// The descriptors of every file of the protocol, go-plugin's own and what they import among
/// them: an encoded `google.protobuf.FileDescriptorSet`. For reflection: a tool that goes by it
/// needs no new code for a new RPC.
///
/// ```
/// use cvtplugin::pb::FILE_DESCRIPTOR_SET;
///
/// let name = b"cvt.plugin.registry.v1";
/// assert!(FILE_DESCRIPTOR_SET.windows(name.len()).any(|part| part == name));
/// ```
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptors.bin");
