use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct TlsConfig {
    /// The certificate.
    #[config(default = "cert.pem")]
    cert: String,
}

#[derive(PluginConfig)]
struct RestConfig {
    /// How to encrypt.
    tls: TlsConfig,
}

fn main() {}
