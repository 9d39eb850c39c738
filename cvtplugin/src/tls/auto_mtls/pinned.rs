//! The one certificate that the other side may show.
//!
//! Neither its dates nor who signed it matter: it came straight from the other side, and is
//! compared byte by byte. What is left to check is that the peer has its key.

use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
};

use super::{p521, provider};

/// Takes a peer with this certificate and its key, and no other.
#[derive(Debug)]
pub(super) struct Pinned {
    certificate: CertificateDer<'static>,
    /// Those that its key may sign with. To name more would have a peer choose one of them.
    algorithms: WebPkiSupportedAlgorithms,
}

impl Pinned {
    /// The host's certificate as the environment has it.
    pub(super) fn from_pem(pem: &str) -> Result<Self, String> {
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        match certificates.as_deref() {
            Ok([certificate]) => Self::new(certificate.clone()),
            Ok(certificates) => Err(format!(
                "expected one certificate in PEM, found {}",
                certificates.len()
            )),
            Err(error) => Err(format!("expected a certificate in PEM: {error}")),
        }
    }

    /// The plugin's certificate as the handshake line has it.
    #[cfg(any(feature = "host", test))]
    pub(super) fn from_base64(text: &str) -> Result<Self, String> {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD_NO_PAD;

        let der = STANDARD_NO_PAD.decode(text);
        let der =
            der.map_err(|error| format!("invalid certificate: expected unpadded base64: {error}"))?;
        Self::new(der.into())
    }

    fn new(certificate: CertificateDer<'static>) -> Result<Self, String> {
        let parsed = ParsedCertificate::try_from(&certificate)
            .map_err(|error| format!("invalid certificate: {error}"))?;
        let algorithms = if p521::is_key(&parsed.subject_public_key_info()) {
            p521::ALGORITHMS
        } else {
            provider().signature_verification_algorithms
        };
        Ok(Self {
            certificate,
            algorithms,
        })
    }

    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), Error> {
        if *shown == self.certificate {
            Ok(())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }
}

/// What both kinds of verifiers have to have.
macro_rules! verify_possession {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls12_signature(message, certificate, signature, &self.algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls13_signature(message, certificate, signature, &self.algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.algorithms.supported_schemes()
        }
    };
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(shown).map(|()| ClientCertVerified::assertion())
    }

    verify_possession!();
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(shown).map(|()| ServerCertVerified::assertion())
    }

    verify_possession!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::auto_mtls::identity::Identity;

    #[test]
    fn certificate_survives_the_round_trip() {
        let identity = Identity::generate().expect("a certificate");
        let by_environment = Pinned::from_pem(&identity.to_pem()).expect("it is PEM");
        let by_line = Pinned::from_base64(&identity.to_base64()).expect("it is base64");
        assert_eq!(by_environment.certificate, by_line.certificate);
        by_line.check(&identity.chain()[0]).expect("it is the same");
    }

    #[test]
    fn certificate_that_is_invalid_is_refused() {
        let one = Identity::generate().expect("a certificate").to_pem();
        for (pem, why) in [
            ("", "expected one certificate in PEM, found 0"),
            ("garbage", "expected one certificate in PEM, found 0"),
            (
                "-----BEGIN CERTIFICATE-----\nMIIB",
                "expected a certificate in PEM",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "invalid certificate",
            ),
            (&one.repeat(2), "found 2"),
        ] {
            let error = Pinned::from_pem(pem).expect_err(pem);
            assert!(error.contains(why), "{error}");
        }
        for text in ["?", "QQ==", "QQ", ""] {
            Pinned::from_base64(text).expect_err(text);
        }
    }
}
