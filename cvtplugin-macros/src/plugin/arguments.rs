//! The arguments of the attribute: `name = "rest", main = false, ..`.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitBool, LitInt, LitStr};

use crate::attribute::{Argument, Syntax};
use crate::errors::Errors;
use crate::krate;

static SYNTAX: Syntax = Syntax {
    attribute: "`#[cvt_plugin]`",
    arguments: &[
        ("name", r#"name = "rest""#),
        ("version", r#"version = "0.1.0""#),
        ("main", "main = false"),
        ("crate", r#"crate = "::cvtplugin""#),
        ("worker_threads", "worker_threads = 4"),
        ("layers", "layers = telemetry"),
        ("secrets", r#"secrets("token", "password")"#),
        ("opt_out", "opt_out(register_consumer_usage)"),
    ],
    hints: &[
        (
            "flavor",
            "there is one runtime, and `worker_threads = 4` bounds how many CPU-bound handlers \
             run on it at once. Remove `flavor`",
        ),
        (
            "config",
            "the type of the config is what `new` takes, as in `async fn new(config: Config) -> \
             Result<Self>`",
        ),
    ],
};

/// What the author wrote; what is wrong has been reported and left out.
pub(crate) struct Arguments {
    pub(crate) name: Option<LitStr>,
    pub(crate) version: Option<LitStr>,
    /// Whether to generate `main`.
    pub(crate) main: bool,
    /// The path of cvtplugin.
    pub(crate) krate: TokenStream,
    pub(crate) worker_threads: Option<LitInt>,
    /// The function that makes layers for the log.
    pub(crate) layers: Option<Expr>,
    /// Where the author says which keys are secret, and the keys.
    pub(crate) secrets: Option<(Ident, Vec<LitStr>)>,
    /// The names of RPCs.
    pub(crate) opt_out: Vec<Ident>,
    /// Whether nothing was wrong.
    pub(crate) are_valid: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            name: None,
            version: None,
            main: true,
            krate: krate::path(),
            worker_threads: None,
            layers: None,
            secrets: None,
            opt_out: Vec::new(),
            are_valid: true,
        }
    }
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self::default();
        SYNTAX.read([tokens], errors, |argument| arguments.take(argument));
        arguments.are_valid = errors.is_empty();
        arguments
    }

    fn take(&mut self, argument: &Argument) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "name" => {
                let expected = "a string literal (left out, it is the name of the binary)";
                self.name = Some(argument.value(expected)?);
            }
            "version" => self.version = Some(argument.version()?),
            "main" => self.main = argument.value::<LitBool>("`true` or `false`")?.value,
            "crate" => self.krate = argument.crate_path()?,
            "worker_threads" => self.worker_threads = Some(argument.threads()?),
            "layers" => self.layers = Some(argument.value("a function")?),
            "secrets" => self.secrets = Some((argument.key.clone(), argument.keys()?)),
            "opt_out" => self.opt_out = argument.list("the names of RPCs in parentheses")?,
            "ignore" => {
                let message = "`ignore` belongs on a method inside a `#[cvt_plugin]` impl block, \
                               where it keeps that method to the author";
                return Err(argument.error(message));
            }
            _ => return Err(argument.unknown()),
        }
        Ok(())
    }
}

impl Argument {
    fn version(&self) -> syn::Result<LitStr> {
        let version: LitStr =
            self.value("a string literal (left out, it is the version of the crate)")?;
        if version.value().trim().is_empty() {
            let message = "the version is empty: say which it is, as in `version = \"0.1.0\"`, \
                           or leave it out for the version of the crate";
            return Err(syn::Error::new_spanned(version, message));
        }
        Ok(version)
    }

    fn threads(&self) -> syn::Result<LitInt> {
        let expected = "a number from 1";
        let number: LitInt = self.value(expected)?;
        match number.base10_parse::<u16>() {
            Ok(1..) if matches!(number.suffix(), "" | "usize") => Ok(number),
            _ => Err(self.expected(number, expected)),
        }
    }

    /// The keys in `secrets("token", "password")`.
    fn keys(&self) -> syn::Result<Vec<LitStr>> {
        let expected = "keys of the config, each in quotes, in parentheses";
        let keys: Vec<LitStr> = self.list(expected)?;
        match keys.iter().find(|key| key.value().trim().is_empty()) {
            Some(empty) => Err(self.expected(empty, expected)),
            None => Ok(keys),
        }
    }
}
