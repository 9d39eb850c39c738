//! AutoMTLS: connections that only a plugin and the host that launched it can hold.

#[cfg(not(feature = "auto-mtls"))]
mod absent;
#[cfg(feature = "auto-mtls")]
mod auto_mtls;
mod error;

use std::io;

#[cfg(not(feature = "auto-mtls"))]
use absent as auto_mtls;

use auto_mtls::Acceptor;
#[cfg(feature = "host")]
pub(crate) use auto_mtls::{Connector, Identity};
pub(crate) use error::TlsError;

use crate::connection::Connection;

/// How a plugin secures its connections; `None` is not at all: the socket keeps others out.
pub(crate) struct Tls(Option<Acceptor>);

impl Tls {
    /// For the host with this certificate (PEM), if it has one.
    ///
    /// # Errors
    ///
    /// If this plugin was built without AutoMTLS, or the certificate is invalid.
    pub(crate) fn from_client_cert(certificate: Option<&str>) -> Result<Self, TlsError> {
        certificate.map(Acceptor::new).transpose().map(Self)
    }

    /// Whether only the host gets through.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The plugin's certificate as the handshake line has it.
    pub(crate) fn certificate(&self) -> String {
        let certificate = self.0.as_ref().map(Acceptor::certificate);
        certificate.unwrap_or_default()
    }

    /// Secures a connection. The error says why its peer was refused.
    pub(crate) async fn secure(&self, stream: Connection) -> io::Result<Connection> {
        match &self.0 {
            None => Ok(stream),
            Some(acceptor) => acceptor.accept(stream).await,
        }
    }
}
