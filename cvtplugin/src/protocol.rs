//! The names and numbers that CVT and its plugins have agreed on.

/// The version of the plugin protocol that this crate speaks.
pub const PROTOCOL_VERSION: u32 = 1;

/// The environment variable by which CVT tells a plugin that it is its host.
pub const MAGIC_COOKIE_KEY: &str = "CVT_PLUGIN_MAGIC_COOKIE";

/// What CVT sets [`MAGIC_COOKIE_KEY`] to.
pub const MAGIC_COOKIE_VALUE: &str = "cvt-plugin-v1";

/// How a plugin declares that it provides a registry.
pub const SERVICE_REGISTRY_V1: &str = "registry.v1";

/// How a plugin declares that it handles events.
pub const SERVICE_EVENTS_V1: &str = "events.v1";

/// The key of the handshake service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_HANDSHAKE: &str = "handshake";

/// The key of the registry service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_REGISTRY: &str = "registry";

/// The key of the event service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_EVENTS: &str = "events";

/// The service whose health go-plugin asks for when it pings a plugin.
pub(crate) const HEALTH_SERVICE: &str = "plugin";
