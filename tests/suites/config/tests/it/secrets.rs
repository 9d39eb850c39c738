//! The value of a secret is nowhere to be seen.

use std::fmt;
use std::str::FromStr;

use cvtplugin::prelude::*;
use cvtplugin::{ConfigValues, TypedConfig};
use secrecy::SecretBox;

use crate::support::{failure, logged, refusal};

const VALUE: &str = "s3cret-value";

/// A secret that is not any text, with a parser that quotes what it is given.
struct Token(SecretString);

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("tok-") {
            Some(_) => Ok(Self(text.into())),
            None => Err(format!("{text} does not start with tok-")),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ExposeSecret<str> for Token {
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A secret that is not text, so that its author has to say so.
struct Pin(u16);

impl ExposeSecret<u16> for Pin {
    fn expose_secret(&self) -> &u16 {
        &self.0
    }
}

fn pin(text: &str) -> Result<Pin, String> {
    let number = text.parse();
    number.map(Pin).map_err(|error| format!("{text}: {error}"))
}

fn boxed(text: &str) -> Result<Vec<SecretBox<u16>>, String> {
    Ok(vec![SecretBox::new(Box::new(pin(text)?.0))])
}

fn token(text: &str) -> Result<SecretString, String> {
    Token::from_str(text).map(|token| token.0)
}

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct Secrets {
    /// By its type.
    by_type: Option<Token>,
    /// One of many.
    among_others: Option<Vec<Token>>,
    /// Because the author says so.
    #[config(secret, parse_with = pin)]
    by_word: Option<Pin>,
    /// By its type, though a function reads it.
    #[config(parse_with = token)]
    by_function: Option<SecretString>,
    /// By its box.
    #[config(parse_with = boxed)]
    by_box: Vec<SecretBox<u16>>,
}

const KEYS: [&str; 5] = [
    "by_type",
    "among_others",
    "by_word",
    "by_function",
    "by_box",
];

#[test]
fn types_of_secrets_are_secret() {
    assert!(Secrets::KEYS.iter().all(cvtplugin::ConfigKey::is_secret));
}

#[test]
fn rejection_quotes_neither_the_value_nor_its_parser() {
    let refusals = KEYS.map(|key| refusal::<Secrets>(key, VALUE));
    assert_eq!(
        refusals,
        [
            "invalid value for a secret key (not shown) (By its type)",
            "invalid value for a secret key (not shown) (One of many)",
            "invalid value for a secret key (not shown) (Because the author says so)",
            "invalid value for a secret key (not shown) (By its type, though a function reads it)",
            "invalid value for a secret key (not shown) (By its box)",
        ]
    );
}

#[test]
fn errors_do_not_hold_the_value() {
    for key in KEYS {
        let error = failure::<Secrets>(&[(key, VALUE)]);
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.message().contains(key), "{error}");
        let all = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
        assert!(!all.contains(VALUE), "{all}");
    }
}

#[test]
fn debug_does_not_show_the_value() {
    #[derive(Debug, PluginConfig)]
    #[allow(dead_code, reason = "only its keys are used")]
    struct Shown {
        token: Token,
        tokens: Vec<SecretString>,
        maybe: Option<SecretString>,
    }
    let value = format!("tok-{VALUE}");
    let pairs = ["token", "tokens", "maybe"].map(|key| (key, value.as_str()));
    let values = ConfigValues::from_iter(pairs);
    let config = TypedConfig::<Shown>::new();
    let log = logged(|| {
        for (key, value) in pairs {
            config.set(key, value).expect("it fits");
        }
    });
    let made = config.get().expect("all are set");
    assert_eq!(made.token.expose_secret(), value);
    let all = format!("{values:?} {config:?} {made:?} {log}");
    assert!(all.contains("maybe"), "{all}");
    assert!(!all.contains(VALUE), "{all}");
}
