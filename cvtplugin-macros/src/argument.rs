//! The arguments of our attributes: `name = "rest", secret, opt_out(fetch_schema)`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::Parse;
use syn::{LitStr, Path};

use crate::errors::{Errors, listed};
use cvtplugin_names::nearest;

/// What an attribute takes.
pub(crate) struct Syntax {
    /// The attribute, as messages call it.
    pub(crate) attribute: &'static str,
    /// Every argument, with an example of its value.
    pub(crate) arguments: &'static [(&'static str, &'static str)],
}

/// One argument, its value not yet looked at.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    pub(crate) tokens: TokenStream,
    syntax: &'static Syntax,
}

pub(crate) enum Value {
    None,
    /// `key = ..`
    Assigned(TokenStream),
    /// `key(..)`
    List(TokenStream),
    /// Not of the form.
    Strange,
}

impl Syntax {
    /// Has each argument in the `lists` taken, and reports all that are wrong.
    pub(crate) fn read(
        &'static self,
        lists: impl IntoIterator<Item = TokenStream>,
        errors: &mut Errors,
        mut take: impl FnMut(&Argument) -> syn::Result<()>,
    ) {
        let mut seen: Vec<Ident> = Vec::new();
        for tokens in lists.into_iter().flat_map(split_at_commas) {
            let taken = self.argument(tokens).and_then(|argument| {
                if seen.contains(&argument.key) {
                    let message = format!("`{}` is given twice: keep one of them", argument.key);
                    return Err(argument.error(message));
                }
                seen.push(argument.key.clone());
                take(&argument)
            });
            if let Err(error) = taken {
                errors.push(error);
            }
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.arguments.iter().any(|(known, _)| *known == key)
    }

    fn argument(&'static self, tokens: TokenStream) -> syn::Result<Argument> {
        let mut rest = tokens.clone().into_iter();
        let Some(TokenTree::Ident(key)) = rest.next() else {
            let examples: Vec<_> = self.arguments.iter().map(|(_, example)| *example).collect();
            let message = format!(
                "not an argument of {}; those are, with examples, {}",
                self.attribute,
                listed(&examples)
            );
            return Err(syn::Error::new_spanned(tokens, message));
        };
        let value = match rest.next() {
            None => Value::None,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                Value::Assigned(rest.collect())
            }
            Some(TokenTree::Group(group)) if rest.next().is_none() => Value::List(group.stream()),
            Some(_) => Value::Strange,
        };
        Ok(Argument {
            key: key.unraw(),
            value,
            tokens,
            syntax: self,
        })
    }
}

impl Argument {
    /// The assigned value, which must be a `T`.
    pub(crate) fn value<T: Parse>(&self, expected: &str) -> syn::Result<T> {
        match &self.value {
            Value::Assigned(tokens) if !tokens.is_empty() => {
                syn::parse2(tokens.clone()).map_err(|_| self.expected(tokens, expected))
            }
            _ => Err(self.expected(&self.tokens, expected)),
        }
    }

    /// The value of `crate = ".."`.
    pub(crate) fn crate_path(&self) -> syn::Result<TokenStream> {
        let expected = "the path of the cvtplugin crate, in quotes";
        let text: LitStr = self.value(expected)?;
        match text.parse_with(Path::parse_mod_style) {
            Ok(path) => Ok(path.into_token_stream()),
            Err(_) => Err(self.expected(text, expected)),
        }
    }

    /// The error for a value that is something else than `expected`.
    pub(crate) fn expected(&self, at: impl ToTokens, expected: &str) -> syn::Error {
        let key = self.key.to_string();
        let mut known = self.syntax.arguments.iter();
        let example = known.find(|(known, _)| *known == key);
        let example = example.map_or("", |(_, example)| example);
        let message = format!("`{key}` takes {expected}, as in `{example}`");
        syn::Error::new_spanned(at, message)
    }

    /// The error for a key that the attribute does not take.
    pub(crate) fn unknown(&self) -> syn::Error {
        let key = self.key.to_string();
        let known = self.syntax.arguments.iter().map(|(known, _)| *known);
        let known: Vec<_> = known.collect();
        let guess = match nearest(&key, known.iter().copied()) {
            Some(meant) => format!(": did you mean `{meant}`?"),
            None => String::from("."),
        };
        self.error(format!(
            "{} has no argument `{key}`{guess} It takes {}",
            self.syntax.attribute,
            listed(&known)
        ))
    }

    /// An error that is shown at the key.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> syn::Error {
        syn::Error::new_spanned(&self.key, message)
    }
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
