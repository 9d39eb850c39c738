//! A TLS client that shows what it is told to, and takes any server.

use std::io::{Read, Write};
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::{self, SingleCertAndKey};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
    SupportedProtocolVersion,
};

/// A certificate and its key.
pub(super) struct Identity(CertifiedKey<KeyPair>);

impl Identity {
    pub(super) fn new() -> Self {
        let made = generate_simple_self_signed(["localhost".to_owned()]);
        Self(made.expect("a certificate"))
    }

    pub(super) fn pem(&self) -> String {
        self.0.cert.pem()
    }

    pub(super) fn shown(&self) -> SingleCertAndKey {
        self.shown_without_its_key(self)
    }

    /// This certificate, with another's key.
    pub(super) fn shown_without_its_key(&self, other: &Self) -> SingleCertAndKey {
        let key = other.0.signing_key.serialize_der();
        let key = key.try_into().expect("a key");
        let key = ring::sign::any_ecdsa_type(&key).expect("it is ECDSA");
        sign::CertifiedKey::new(vec![self.0.cert.der().clone()], key).into()
    }
}

/// Speaks TLS on a connection. Whether the other side agrees, reading and writing tell.
pub(super) fn tls<S: Read + Write>(
    stream: S,
    version: &'static SupportedProtocolVersion,
    shown: Option<SingleCertAndKey>,
) -> StreamOwned<ClientConnection, S> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .expect("the version is supported")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer));
    let mut config = match shown {
        Some(shown) => config.with_client_cert_resolver(Arc::new(shown)),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = "localhost".try_into().expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(connection, stream)
}

#[derive(Debug)]
struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = ring::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
