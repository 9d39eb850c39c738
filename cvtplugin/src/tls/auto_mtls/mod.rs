//! Each side makes a certificate for one launch and tells the other of it beforehand, through
//! the environment and the handshake line. So there is nothing to trust but that certificate.

mod acceptor;
mod clock;
#[cfg(feature = "host")]
mod connector;
mod identity;
mod p521;
mod pinned;

use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};

pub(super) use acceptor::Acceptor;
#[cfg(feature = "host")]
pub(crate) use connector::Connector;
#[cfg(feature = "host")]
pub(crate) use identity::Identity;

/// Whom every certificate is for.
const NAME: &str = "localhost";

/// The protocol inside. gRPC insists on its being agreed on.
const ALPN: &[u8] = b"h2";

/// How long a peer may take to show who it is.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
