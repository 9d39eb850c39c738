//! Signatures with P-521 keys, such as go-plugin makes. ring has none.

use p521::ecdsa::signature::Verifier as _;
use p521::ecdsa::{Signature, VerifyingKey};
use tokio_rustls::rustls::SignatureScheme;
use tokio_rustls::rustls::crypto::WebPkiSupportedAlgorithms;
use tokio_rustls::rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    alg_id,
};

/// This algorithm alone, as rustls has its tables.
pub(super) const ALGORITHMS: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[&P521],
    mapping: &[(SignatureScheme::ECDSA_NISTP521_SHA512, &[&P521])],
};

/// Whether a certificate's key is one for P-521.
pub(super) fn is_key(key: &SubjectPublicKeyInfoDer<'_>) -> bool {
    let algorithm = alg_id::ECDSA_P521;
    key.windows(algorithm.len()).any(|part| part == &*algorithm)
}

#[derive(Debug)]
struct P521;

impl SignatureVerificationAlgorithm for P521 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        VerifyingKey::from_sec1_bytes(public_key)
            .and_then(|key| key.verify(message, &signature))
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }
}

#[cfg(test)]
mod tests {
    use p521::ecdsa::SigningKey;
    use p521::ecdsa::signature::Signer as _;

    use super::*;

    #[test]
    fn signature_is_valid_for_its_key_and_message_alone() {
        let [key, other] = [1, 2].map(|seed| {
            let mut secret = [seed; 66];
            secret[0] = 0;
            SigningKey::from_slice(&secret).expect("a key")
        });
        let public =
            |key: &SigningKey| key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        let signature: Signature = key.sign(b"message");
        let signature = signature.to_der();
        let verify =
            |key: &[u8], message| P521.verify_signature(key, message, signature.as_bytes());
        verify(&public(&key), b"message").expect("it was signed so");
        for (key, message) in [
            (public(&key), b"another".as_slice()),
            (public(&other), b"message"),
            (b"garbage".to_vec(), b"message"),
        ] {
            verify(&key, message).expect_err("it was not signed so");
        }
        P521.verify_signature(&public(&key), b"message", b"garbage")
            .expect_err("it is not a signature");
    }
}
