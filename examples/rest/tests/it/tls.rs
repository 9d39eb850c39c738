//! Registries with TLS.

use std::sync::Arc;

use cvtplugin::host::Capture;
use cvtplugin::prelude::*;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::plugin::{TOKEN, fetch, fetch_error, rest};
use cvtplugin_http::testing::{HttpServer, respond};

/// A registry with TLS, and its certificate, which nobody knows.
async fn encrypted() -> (HttpServer, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("a TLS config");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let registry = HttpServer::start_with(
        |_, _| Some(respond(200, "{}")),
        move |_, stream| {
            let accepted = acceptor.accept(stream);
            async { accepted.await.ok() }
        },
    );
    (registry.await, cert.pem())
}

#[tokio::test]
async fn certificate_that_the_system_trusts_is_trusted() {
    let (registry, certificate) = encrypted().await;
    let directory = tempfile::tempdir().expect("a directory");
    let trusted = directory.path().join("trusted.pem");
    std::fs::write(&trusted, certificate).expect("a file");
    let host = rest()
        .env("SSL_CERT_FILE", &trusted)
        .config("base_url", format!("https://localhost:{}", registry.port()))
        .config("token", TOKEN);
    let plugin = host.launch().await.expect("launched");
    let schema = fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(schema.spec, "{}");
    assert!(registry.only().header("authorization").is_some());
}

#[tokio::test]
async fn certificate_of_nobody_known_is_not_trusted() {
    let (registry, _) = encrypted().await;
    let host = rest().config("base_url", format!("https://localhost:{}", registry.port()));
    let plugin = host
        .config("token", TOKEN)
        .launch()
        .await
        .expect("launched");
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(
        error.message().contains("invalid peer certificate"),
        "{error}"
    );
    assert!(registry.received().is_empty());
}

#[tokio::test]
async fn certificate_that_cannot_be_read_is_named_in_the_log() {
    let captured = Capture::default();
    let registry = HttpServer::responding(200, "{}").await;
    let host = rest()
        .env("SSL_CERT_FILE", "/no/such/file.pem")
        .env_remove("SSL_CERT_DIR")
        .config("base_url", registry.url(""))
        .capture(&captured);
    let plugin = host.launch().await.expect("launched");
    fetch(&plugin, "petstore").await.expect("a schema");
    let warning = captured
        .log(|it| it.message.contains("/no/such/file.pem"))
        .await;
    assert_eq!(warning.level, tracing::Level::WARN);
}

#[tokio::test]
async fn plain_http_works_without_certificates() {
    let registry = HttpServer::responding(200, "{}").await;
    let host = rest()
        .env("SSL_CERT_FILE", "/dev/null")
        .env_remove("SSL_CERT_DIR");
    let host = host.config("base_url", registry.url(""));
    let plugin = host.launch().await.expect("launched");
    fetch(&plugin, "petstore").await.expect("a schema");
}
