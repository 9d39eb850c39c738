//! The config, with keys of several types, secrets among them.

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
}

/// A parser that quotes what it is given, one way or another.
fn pin(text: &str) -> Result<SecretString, String> {
    assert!(!text.starts_with("panic"), "{text} makes the parser panic");
    if text.starts_with("wrong") {
        return Err(format!("invalid pin {text}: expected digits"));
    }
    Ok(text.into())
}
