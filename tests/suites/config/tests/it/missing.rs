//! What an operator reads when keys are missing.

use cvtplugin::prelude::*;

use crate::support::failure;

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct RestConfig {
    /// Base URL of the registry's API.
    #[config(example = "https://registry.example.com/api/v1")]
    base_url: String,
    /// Sent with every request.
    token: SecretString,
    /// Seconds to wait for the registry.
    #[config(default = 10)]
    timeout_seconds: u64,
    proxy: Option<String>,
    signing_key: SecretString,
}

#[test]
fn missing_keys_are_named_at_once() {
    let error = failure::<RestConfig>(&[("proxy", "p"), ("token", "")]);
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert_eq!(
        error.message(),
        "missing 3 required config keys `base_url` (Base URL of the registry's API; example: \
         https://registry.example.com/api/v1), `token` (Sent with every request), `signing_key`: \
         set them under plugins.<name>.config in ~/.cvt/config.yaml, and list `token`, \
         `signing_key` in plugins.<name>.secrets"
    );
}

#[test]
fn missing_key_is_named() {
    let error = failure::<RestConfig>(&[("token", "t"), ("signing_key", "s")]);
    assert_eq!(
        error.message(),
        "missing required config key `base_url` (Base URL of the registry's API; example: \
         https://registry.example.com/api/v1): set it under plugins.<name>.config in \
         ~/.cvt/config.yaml"
    );
}

#[test]
fn invalid_and_missing_keys_are_named_together() {
    let error = failure::<RestConfig>(&[
        ("base_url", "b"),
        ("token", "t"),
        ("timeout_seconds", "soon"),
    ]);
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(
        error.message(),
        "`timeout_seconds`: invalid value \"soon\": expected a whole number (Seconds to wait for \
         the registry; default: 10); missing required config key `signing_key`: set it under \
         plugins.<name>.config in ~/.cvt/config.yaml, and list `signing_key` in \
         plugins.<name>.secrets"
    );
}
