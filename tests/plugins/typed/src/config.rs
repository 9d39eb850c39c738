//! The config, with keys of several types, secrets among them.

use std::num::NonZeroU16;
use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
pub(crate) struct Config {
    /// What the plugin responds with.
    #[config(example = "hello")]
    pub(crate) greeting: String,
    /// Who may know the greeting.
    #[config(example = "world")]
    pub(crate) audience: String,
    /// Sent along with everything.
    pub(crate) token: Option<SecretString>,
    /// Opens what the token does not.
    #[config(parse_with = pin)]
    pub(crate) pin: Option<SecretString>,
    /// How long the constructor takes.
    #[config(default = "0s")]
    pub(crate) delay: Duration,
    /// How many times the greeting is repeated.
    #[config(default = 1)]
    pub(crate) times: usize,
    // One of each type, for the documents and the schema.
    #[expect(dead_code, reason = "it is only read")]
    share: Option<f64>,
    #[expect(dead_code, reason = "it is only read")]
    offset: Option<i8>,
    #[expect(dead_code, reason = "it is only read")]
    level: Option<NonZeroU16>,
    #[expect(dead_code, reason = "it is only read")]
    strict: Option<bool>,
    #[expect(dead_code, reason = "it is only read")]
    mark: Option<char>,
    #[expect(dead_code, reason = "it is only read")]
    ports: Option<Vec<u16>>,
}

/// A parser that quotes what it is given, one way or another.
fn pin(text: &str) -> Result<SecretString, String> {
    assert!(!text.starts_with("panic"), "{text} makes the parser panic");
    if text.starts_with("wrong") {
        return Err(format!("invalid pin {text}: expected digits"));
    }
    Ok(text.into())
}
