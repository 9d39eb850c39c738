//! Whom to trust: what the system does.

use rustls::{ClientConfig, RootCertStore};

/// A TLS config with the system's certificates. Without any, plain HTTP still works.
pub(crate) fn config() -> ClientConfig {
    let system = rustls_native_certs::load_native_certs();
    for error in system.errors {
        tracing::warn!("cannot read a certificate of the system, going on without it: {error}");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(system.certs);
    let provider = rustls::crypto::ring::default_provider().into();
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
