//! The arguments of the attribute: `name = "rest", main = false, ..`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{LitBool, LitInt, LitStr, Token};

use crate::argument::{Argument, Syntax, Value};
use crate::errors::Errors;

static SYNTAX: Syntax = Syntax {
    attribute: "`#[cvt_plugin]`",
    arguments: &[
        ("name", r#"name = "rest""#),
        ("version", r#"version = "0.1.0""#),
        ("main", "main = false"),
        ("crate", r#"crate = "::cvtplugin""#),
        ("flavor", r#"flavor = "multi_thread""#),
        ("worker_threads", "worker_threads = 4"),
        ("opt_out", "opt_out(register_consumer_usage)"),
    ],
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    CurrentThread,
    MultiThread,
}

/// What the author wrote; what is wrong has been reported and left out.
pub(crate) struct Arguments {
    pub(crate) name: Option<LitStr>,
    pub(crate) version: Option<LitStr>,
    /// Whether to generate `main`.
    pub(crate) main: bool,
    /// The path of cvtplugin.
    pub(crate) krate: TokenStream,
    pub(crate) flavor: Option<Flavor>,
    pub(crate) worker_threads: Option<LitInt>,
    /// The names of RPCs.
    pub(crate) opt_out: Vec<Ident>,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            name: None,
            version: None,
            main: true,
            krate: quote!(::cvtplugin),
            flavor: None,
            worker_threads: None,
            opt_out: Vec::new(),
        }
    }
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self::default();
        SYNTAX.read([tokens], errors, |argument| arguments.take(argument));
        arguments.check_runtime(errors);
        arguments
    }

    fn take(&mut self, argument: &Argument) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "name" => self.name = Some(argument.value("a string literal")?),
            "version" => self.version = Some(argument.version()?),
            "main" => self.main = argument.value::<LitBool>("`true` or `false`")?.value,
            "crate" => self.krate = argument.crate_path()?,
            "flavor" => self.flavor = Some(argument.flavor()?),
            "worker_threads" => self.worker_threads = Some(argument.threads()?),
            "opt_out" => self.opt_out = argument.names()?,
            "ignore" => {
                let message = "`ignore` belongs on a method inside a `#[cvt_plugin]` impl block, \
                               where it keeps that method to the author";
                return Err(argument.error(message));
            }
            _ => return Err(argument.unknown()),
        }
        Ok(())
    }

    fn check_runtime(&mut self, errors: &mut Errors) {
        if self.flavor == Some(Flavor::CurrentThread)
            && let Some(threads) = self.worker_threads.take()
        {
            let message = "a current_thread runtime has no worker threads: leave \
                           `worker_threads` out, or choose `flavor = \"multi_thread\"`";
            errors.over(threads, message);
        }
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

    fn flavor(&self) -> syn::Result<Flavor> {
        let expected = "\"multi_thread\" or \"current_thread\"";
        let text: LitStr = self.value(expected)?;
        match text.value().as_str() {
            "multi_thread" => Ok(Flavor::MultiThread),
            "current_thread" => Ok(Flavor::CurrentThread),
            _ => Err(self.expected(text, expected)),
        }
    }

    fn threads(&self) -> syn::Result<LitInt> {
        let expected = "a number from 1";
        let number: LitInt = self.value(expected)?;
        match number.base10_parse::<u16>() {
            Ok(1..) if matches!(number.suffix(), "" | "usize") => Ok(number),
            _ => Err(self.expected(number, expected)),
        }
    }

    /// The names in `key(a, b)`.
    fn names(&self) -> syn::Result<Vec<Ident>> {
        let expected = "the names of RPCs in parentheses";
        let Value::List(list) = &self.value else {
            return Err(self.expected(&self.tokens, expected));
        };
        let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
        match parser.parse2(list.clone()) {
            Ok(names) => Ok(names.into_iter().collect()),
            Err(_) => Err(self.expected(list, expected)),
        }
    }
}
