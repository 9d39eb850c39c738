use std::str::FromStr;

use cvtplugin::prelude::*;

struct Token(SecretString);

impl FromStr for Token {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.into()))
    }
}

impl ExposeSecret<str> for Token {
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

#[derive(PluginConfig)]
struct RestConfig {
    #[config(secret, default = "changeme")]
    token: Token,
}

fn main() {}
