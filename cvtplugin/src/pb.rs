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

use std::fmt;

use handshake::v1::SetConfigRequest;

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

/// The value may be a secret, whatever the key is called.
impl fmt::Debug for SetConfigRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetConfigRequest")
            .field("key", &self.key)
            .field("value", &format_args!("[redacted]"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::SetConfigRequest;

    #[test]
    fn a_config_value_is_not_shown() {
        let request = SetConfigRequest::new("token", "hunter2");
        assert_eq!(
            format!("{request:?}"),
            r#"SetConfigRequest { key: "token", value: [redacted] }"#
        );
    }
}
