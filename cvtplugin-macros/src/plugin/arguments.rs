//! The arguments of the attribute: `name = "rest", main = false, ..`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, Parser};
use syn::punctuated::Punctuated;
use syn::{LitBool, LitInt, LitStr, Path, Token};

use crate::errors::{Errors, listed};
use crate::suggest::nearest;

/// Every argument, with an example of its value.
const KNOWN: [(&str, &str); 7] = [
    ("name", r#"name = "rest""#),
    ("version", r#"version = "0.1.0""#),
    ("main", "main = false"),
    ("crate", r#"crate = "::cvtplugin""#),
    ("flavor", r#"flavor = "multi_thread""#),
    ("worker_threads", "worker_threads = 4"),
    ("opt_out", "opt_out(register_consumer_usage)"),
];

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
        let mut seen: Vec<Ident> = Vec::new();
        for tokens in split_at_commas(tokens) {
            let argument = match Argument::parse(tokens) {
                Ok(argument) => argument,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            if seen.contains(&argument.key) {
                let message = format!("`{}` is given twice: keep one of them", argument.key);
                errors.over(&argument.key, message);
                continue;
            }
            seen.push(argument.key.clone());
            if let Err(error) = arguments.take(&argument, errors) {
                errors.push(error);
            }
        }
        arguments.check_runtime(errors);
        arguments
    }

    fn take(&mut self, argument: &Argument, errors: &mut Errors) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "name" => self.name = Some(argument.value("a string literal")?),
            "version" => self.version = Some(argument.version()?),
            "main" => self.main = argument.value::<LitBool>("`true` or `false`")?.value,
            "crate" => self.krate = argument.path()?,
            "flavor" => self.flavor = Some(argument.flavor()?),
            "worker_threads" => self.worker_threads = Some(argument.threads()?),
            "opt_out" => self.opt_out = argument.names(errors)?,
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

/// One argument, its value not yet looked at.
struct Argument {
    key: Ident,
    value: Value,
    tokens: TokenStream,
}

enum Value {
    None,
    /// `key = ..`
    Assigned(TokenStream),
    /// `key(..)`
    List(TokenStream),
}

impl Argument {
    fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let mut rest = tokens.clone().into_iter();
        let Some(TokenTree::Ident(key)) = rest.next() else {
            return Err(syn::Error::new_spanned(tokens, not_an_argument()));
        };
        let value = match rest.next() {
            None => Value::None,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                Value::Assigned(rest.collect())
            }
            Some(TokenTree::Group(group)) if rest.next().is_none() => Value::List(group.stream()),
            Some(_) => return Err(syn::Error::new_spanned(tokens, not_an_argument())),
        };
        Ok(Self { key, value, tokens })
    }

    /// The assigned value, which must be a `T`.
    fn value<T: Parse>(&self, expected: &str) -> syn::Result<T> {
        if let Value::Assigned(tokens) = &self.value {
            if let Ok(value) = syn::parse2(tokens.clone()) {
                return Ok(value);
            }
            if !tokens.is_empty() {
                return Err(self.expected(tokens, expected));
            }
        }
        Err(self.expected(&self.tokens, expected))
    }

    fn expected(&self, at: impl ToTokens, expected: &str) -> syn::Error {
        let key = self.key.to_string();
        let example = KNOWN.iter().find(|(known, _)| *known == key);
        let example = example.map_or("", |(_, example)| example);
        let message = format!("`{key}` takes {expected}, as in `{example}`");
        syn::Error::new_spanned(at, message)
    }

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

    fn path(&self) -> syn::Result<TokenStream> {
        let expected = "the path of the cvtplugin crate";
        let text: LitStr = self.value(expected)?;
        match text.parse_with(Path::parse_mod_style) {
            Ok(path) => Ok(path.into_token_stream()),
            Err(_) => Err(self.expected(text, expected)),
        }
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
    fn names(&self, errors: &mut Errors) -> syn::Result<Vec<Ident>> {
        let expected = "the names of RPCs in parentheses";
        let Value::List(list) = &self.value else {
            return Err(self.expected(&self.tokens, expected));
        };
        let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
        let names = parser
            .parse2(list.clone())
            .map_err(|_| self.expected(list, expected))?;
        let mut unique = Vec::new();
        for name in names {
            if unique.contains(&name) {
                errors.over(&name, format!("`{name}` is opted out of twice"));
            } else {
                unique.push(name);
            }
        }
        Ok(unique)
    }

    fn unknown(&self) -> syn::Error {
        let key = self.key.to_string();
        if key == "ignore" {
            let message = "`ignore` belongs on a method inside a `#[cvt_plugin]` impl block, \
                           where it keeps that method to the author";
            return syn::Error::new_spanned(&self.key, message);
        }
        let known = KNOWN.map(|(known, _)| known);
        let guess = match nearest(&key, known) {
            Some(meant) => format!(": did you mean `{meant}`?"),
            None => String::from("."),
        };
        let message = format!(
            "`#[cvt_plugin]` has no argument `{key}`{guess} It takes {}",
            listed(&known)
        );
        syn::Error::new_spanned(&self.key, message)
    }
}

fn not_an_argument() -> String {
    let examples = KNOWN.map(|(_, example)| example);
    format!(
        "not an argument of `#[cvt_plugin]`; those are, with examples, {}",
        listed(&examples)
    )
}

/// The pieces between commas, without empty ones. One bad piece does not spoil the others.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.iter().cloned().collect())
        .collect()
}
