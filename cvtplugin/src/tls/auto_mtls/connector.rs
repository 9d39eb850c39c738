//! The host's side.

use std::io;
use std::sync::Arc;

use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::pki_types::ServerName;

use super::clock::AnyClock;
use super::identity::Identity;
use super::pinned::Pinned;
use super::{ALPN, HANDSHAKE_TIMEOUT, NAME, provider};
use crate::connection::Connection;

/// Connects to one plugin.
pub(crate) struct Connector(TlsConnector);

impl Connector {
    /// As the host with that identity, to the plugin whose handshake line had this certificate.
    pub(crate) fn new(host: &Identity, plugin: &str) -> Result<Self, String> {
        let plugin = Pinned::from_base64(plugin)?;
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map(|config| {
                config
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(plugin))
            })
            .and_then(|config| config.with_client_auth_cert(host.chain(), host.key()));
        let mut config = config.map_err(|error| error.to_string())?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.time_provider = Arc::new(AnyClock);
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config).into()))
    }

    pub(crate) async fn connect(&self, stream: Connection) -> io::Result<Connection> {
        let name = ServerName::try_from(NAME).map_err(io::Error::other)?;
        let connected = timeout(HANDSHAKE_TIMEOUT, self.0.connect(name, stream)).await;
        Ok(Box::new(connected.map_err(io::Error::other)??))
    }
}
