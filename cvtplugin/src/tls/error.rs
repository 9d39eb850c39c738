//! Why connections cannot be secured.

use std::error::Error;
use std::fmt;

/// Why a plugin or a host cannot do AutoMTLS.
#[derive(Debug)]
pub(crate) enum TlsError {
    /// The plugin was built without it.
    #[cfg(not(feature = "auto-mtls"))]
    PluginWithout,
    /// The host was built without it.
    #[cfg(all(not(feature = "auto-mtls"), feature = "host"))]
    HostWithout,
    /// The host's certificate is invalid.
    #[cfg(feature = "auto-mtls")]
    ClientCertificate(String),
    /// Our own certificate cannot be made.
    #[cfg(feature = "auto-mtls")]
    OwnCertificate(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for TlsError {
    #[cfg(not(feature = "auto-mtls"))]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PluginWithout => {
                "the host asks for AutoMTLS (PLUGIN_CLIENT_CERT), which this plugin was built \
                 without: turn AutoMTLS off in the host, or build the plugin with the feature \
                 auto-mtls of cvtplugin"
            }
            #[cfg(feature = "host")]
            Self::HostWithout => "this host was built without AutoMTLS",
        })
    }

    #[cfg(feature = "auto-mtls")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClientCertificate(why) => {
                write!(f, "cannot use AutoMTLS, invalid PLUGIN_CLIENT_CERT: {why}")
            }
            Self::OwnCertificate(error) => {
                write!(f, "cannot create a certificate for AutoMTLS: {error}")
            }
        }
    }
}

impl Error for TlsError {
    #[cfg(feature = "auto-mtls")]
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ClientCertificate(_) => None,
            Self::OwnCertificate(error) => Some(&**error),
        }
    }
}
