//! The plugin's side.

use std::io;
use std::sync::Arc;

use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::NoServerSessionStorage;

use super::clock::AnyClock;
use super::identity::Identity;
use super::pinned::Pinned;
use super::{ALPN, HANDSHAKE_TIMEOUT, provider};
use crate::connection::Connection;
use crate::tls::TlsError;

/// Takes connections of the host alone.
pub(crate) struct Acceptor {
    tls: TlsAcceptor,
    identity: Identity,
}

impl Acceptor {
    /// Creates a certificate, for the host with that one (PEM).
    pub(crate) fn new(host: &str) -> Result<Self, TlsError> {
        let host = Pinned::from_pem(host).map_err(TlsError::ClientCertificate)?;
        let identity = Identity::generate()?;
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map(|config| config.with_client_cert_verifier(Arc::new(host)))
            .and_then(|config| config.with_single_cert(identity.chain(), identity.key()));
        let mut config = config.map_err(|error| TlsError::OwnCertificate(error.into()))?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.time_provider = Arc::new(AnyClock);
        // A resumed session would not show the certificate again.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self {
            tls: Arc::new(config).into(),
            identity,
        })
    }

    pub(crate) fn certificate(&self) -> String {
        self.identity.to_base64()
    }

    pub(crate) async fn accept(&self, stream: Connection) -> io::Result<Connection> {
        let accepted = timeout(HANDSHAKE_TIMEOUT, self.tls.accept(stream)).await;
        Ok(Box::new(accepted.map_err(io::Error::other)??))
    }
}
