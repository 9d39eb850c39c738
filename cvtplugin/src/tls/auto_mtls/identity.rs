//! A certificate of our own, and its key: made for one launch, kept nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::NAME;
use crate::tls::TlsError;

/// A certificate and its key.
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    /// Makes one as go-plugin does, except for the key: P-256, since P-521 takes its time.
    pub(crate) fn generate() -> Result<Self, TlsError> {
        let made = KeyPair::generate().and_then(|key| {
            let mut params = CertificateParams::new([NAME.to_owned()])?;
            // Whatever the clocks of the two sides say. Its time is that of its process.
            params.not_before = date_time_ymd(1950, 1, 1);
            params.not_after = date_time_ymd(9999, 12, 31);
            params.distinguished_name.push(DnType::CommonName, NAME);
            params.extended_key_usages = vec![
                ExtendedKeyUsagePurpose::ClientAuth,
                ExtendedKeyUsagePurpose::ServerAuth,
            ];
            // The other side's library may look for a root to trust, and this is the only one.
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![
                KeyUsagePurpose::DigitalSignature,
                KeyUsagePurpose::KeyEncipherment,
                KeyUsagePurpose::KeyAgreement,
                KeyUsagePurpose::KeyCertSign,
            ];
            let certificate = params.self_signed(&key)?;
            Ok(Self {
                certificate: certificate.into(),
                key: key.into(),
            })
        });
        made.map_err(|error| TlsError::OwnCertificate(error.into()))
    }

    pub(super) fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone()]
    }

    pub(super) fn key(&self) -> PrivateKeyDer<'static> {
        self.key.clone_key().into()
    }

    /// The certificate as the handshake line has it.
    pub(super) fn to_base64(&self) -> String {
        STANDARD_NO_PAD.encode(&self.certificate)
    }

    /// The certificate as the environment has it.
    #[cfg(any(feature = "host", test))]
    pub(crate) fn to_pem(&self) -> String {
        use base64::engine::general_purpose::STANDARD;

        let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
        for line in STANDARD.encode(&self.certificate).as_bytes().chunks(64) {
            pem.extend(line.iter().map(|byte| char::from(*byte)));
            pem.push('\n');
        }
        pem + "-----END CERTIFICATE-----\n"
    }
}
