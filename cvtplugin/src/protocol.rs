//! The names and numbers of CVT's plugin protocol.
//!
//! Plugins rarely need them; hosts and tools do.
//!
//! ```
//! use cvtplugin::{Rpc, protocol};
//!
//! assert_eq!(Rpc::FetchSchema.service(), protocol::SERVICE_REGISTRY_V1);
//! ```

use std::env;
use std::ffi::OsStr;

/// The version of the plugin protocol that this crate implements.
pub const PROTOCOL_VERSION: u32 = 1;

/// The environment variable that tells a plugin that CVT launched it.
pub const MAGIC_COOKIE_KEY: &str = "CVT_PLUGIN_MAGIC_COOKIE";

/// The value that CVT sets [`MAGIC_COOKIE_KEY`] to.
pub const MAGIC_COOKIE_VALUE: &str = "cvt-plugin-v1";

/// The name under which a plugin declares that it provides a registry.
pub const SERVICE_REGISTRY_V1: &str = "registry.v1";

/// The name under which a plugin declares that it handles events.
pub const SERVICE_EVENTS_V1: &str = "events.v1";

/// The key of the handshake service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_HANDSHAKE: &str = "handshake";

/// The key of the registry service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_REGISTRY: &str = "registry";

/// The key of the event service in a go-plugin host's plugin set.
pub const PLUGIN_KEY_EVENTS: &str = "events";

/// The service whose health go-plugin asks for when it pings a plugin.
pub(crate) const HEALTH_SERVICE: &str = "plugin";

/// Whether a host launched this process, rather than somebody at a shell.
///
/// For a plugin whose binary has subcommands of its own: look here first, and serve the host if
/// there is one.
///
/// ```no_run
/// use std::process::ExitCode;
/// use cvtplugin::prelude::*;
///
/// #[derive(Default)]
/// struct Bell;
///
/// #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
/// impl Bell {
///     async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
///         Ok(())
///     }
/// }
///
/// fn main() -> ExitCode {
///     let command = std::env::args().nth(1);
///     if !cvtplugin::launched_by_host() && command.as_deref() == Some("ring") {
///         println!("ding");
///         return ExitCode::SUCCESS;
///     }
///     // Serves the host, or handles `--help`, `--version`, `--info` and `--config`.
///     cvtplugin::serve::<Bell>()
/// }
/// ```
pub fn launched_by_host() -> bool {
    is_cookie(env::var_os(MAGIC_COOKIE_KEY).as_deref())
}

/// Whether this is the value of [`MAGIC_COOKIE_KEY`] that a host sets.
pub(crate) fn is_cookie(value: Option<&OsStr>) -> bool {
    value.is_some_and(|value| value == MAGIC_COOKIE_VALUE)
}

#[cfg(test)]
mod tests {
    use super::is_cookie;

    #[test]
    fn cookie_of_cvt_alone_means_a_host() {
        assert!(is_cookie(Some("cvt-plugin-v1".as_ref())));
        for other in [None, Some(""), Some("cvt-plugin-v2"), Some("1")] {
            assert!(!is_cookie(other.map(AsRef::as_ref)), "{other:?}");
        }
    }
}
