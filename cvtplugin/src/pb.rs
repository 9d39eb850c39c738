//! The protocol's messages, under the paths of their protobuf packages.
//!
//! Every message is `#[non_exhaustive]`: make one with its `new` and setters, so that a field that
//! the protocol gains later breaks nobody. The fields are public for reading. For the same reason no
//! message is `Copy`, `Eq` or `Hash`.
//!
//! Messages implement `Message` of the crate `prost`, of whatever version this crate is built with:
//! that, and the functions that it derives, may change in any release.
//!
//! ```
//! use cvtplugin::pb::registry::v1::FetchSchemaRequest;
//!
//! let request = FetchSchemaRequest::new("petstore").version("1.2.0");
//! assert_eq!(request.schema_id, "petstore");
//! ```

use std::fmt;

use handshake::v1::SetConfigRequest;

/// The package `cvt.plugin.handshake`: info, health and config.
///
/// ```
/// use cvtplugin::pb::handshake::v1::SetConfigRequest;
///
/// // The value may be a secret, so `Debug` does not show it.
/// let request = SetConfigRequest::new("token", "s3cret");
/// assert!(!format!("{request:?}").contains("s3cret"));
/// ```
pub mod handshake {
    /// The package `cvt.plugin.handshake.v1`.
    ///
    /// ```
    /// use cvtplugin::pb::handshake::v1::InfoResponse;
    ///
    /// let info = InfoResponse::default().name("rest").protocol_version(1_u32);
    /// assert_eq!(info.name, "rest");
    /// ```
    pub mod v1 {
        pub use crate::generated::handshake_v1::*;
    }
}

/// The package `cvt.plugin.registry`: schemas and their consumers.
///
/// ```
/// use cvtplugin::pb::registry::v1::FetchSchemaResponse;
///
/// let response = FetchSchemaResponse::new("{}").resolved_version("1.2.0");
/// assert_eq!(response.spec, "{}");
/// ```
pub mod registry {
    /// The package `cvt.plugin.registry.v1`.
    ///
    /// ```
    /// use cvtplugin::pb::registry::v1::{EndpointUsage, RegisterConsumerUsageRequest};
    ///
    /// let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.2.0")
    ///     .endpoints(vec![EndpointUsage::new("GET", "/pets")]);
    /// assert_eq!(usage.endpoints.len(), 1);
    /// ```
    pub mod v1 {
        pub use crate::generated::registry_v1::*;
    }
}

/// The package `cvt.plugin.events`: what CVT finds.
///
/// ```
/// use cvtplugin::pb::events::v1::ValidationFailedRequest;
///
/// let event = ValidationFailedRequest::new("petstore", "GET", "/pets/7");
/// assert_eq!(event.path, "/pets/7");
/// ```
pub mod events {
    /// The package `cvt.plugin.events.v1`.
    ///
    /// ```
    /// use cvtplugin::pb::events::v1::{BreakingChange, BreakingChangeDetectedRequest};
    ///
    /// let event = BreakingChangeDetectedRequest::new("petstore", "1.2.0", "2.0.0")
    ///     .changes(vec![BreakingChange::default().kind("endpoint_removed")]);
    /// assert_eq!(event.changes[0].kind, "endpoint_removed");
    /// ```
    pub mod v1 {
        pub use crate::generated::events_v1::*;
    }
}

/// The descriptors of all files of the protocol, including go-plugin's and their imports: an encoded
/// `google.protobuf.FileDescriptorSet`. A tool that uses it needs no new code for a new RPC.
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
    fn debug_shows_no_config_value() {
        let request = SetConfigRequest::new("token", "hunter2");
        assert_eq!(
            format!("{request:?}"),
            r#"SetConfigRequest { key: "token", value: [redacted] }"#
        );
    }
}
