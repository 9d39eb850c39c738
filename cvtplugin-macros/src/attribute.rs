//! The arguments of our attributes: `name = "rest", secret, opt_out(fetch_schema)`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Expr, LitStr, Path, Token};

use crate::errors::{Errors, join_quoted};
use crate::suggest::nearest;

/// What an attribute takes.
pub(crate) struct Syntax {
    /// The attribute, as messages call it.
    pub(crate) attribute: &'static str,
    /// Every argument, with an example of its value.
    pub(crate) arguments: &'static [(&'static str, &'static str)],
    /// What authors write who know it from elsewhere, and what to do instead.
    pub(crate) hints: &'static [(&'static str, &'static str)],
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
    Malformed,
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
        let lists = lists.into_iter();
        let arguments: Vec<_> = lists.flat_map(|list| self.split(list, errors)).collect();
        for tokens in arguments {
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

    /// The arguments, without the commas between them. One that is malformed does not spoil the
    /// others.
    fn split(&self, tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
        let mut arguments = Vec::new();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if input.parse::<Option<Token![,]>>()?.is_some() {
                    continue;
                }
                if let Some(semicolon) = input.parse::<Option<Token![;]>>()? {
                    errors.spanning(semicolon, "write a comma in place of the `;`");
                    continue;
                }
                arguments.push(self.split_off(input)?);
                if let Some(next) = self.known_ahead(input) {
                    let message = format!("a comma is missing before `{}`", next.unraw());
                    errors.spanning(next, message);
                }
            }
            Ok(())
        };
        // Reading token by token ends at the end of the input and nowhere else.
        let _ = read.parse2(tokens);
        arguments
    }

    /// One argument, up to the comma after it or to where one is missing.
    fn split_off(&self, input: ParseStream<'_>) -> syn::Result<TokenStream> {
        let ahead = input.fork();
        let ends = |input: ParseStream<'_>| input.peek(Token![,]) || input.peek(Token![;]);
        let is_whole = skip_argument(&ahead)
            && (ahead.is_empty() || ends(&ahead) || self.known_ahead(&ahead).is_some());
        let end = is_whole.then(|| ahead.cursor());
        let is_end = |input: ParseStream<'_>| match end {
            Some(end) => input.cursor() == end,
            None => ends(input),
        };
        let mut tokens = TokenStream::new();
        while !input.is_empty() && !is_end(input) {
            input.parse::<TokenTree>()?.to_tokens(&mut tokens);
        }
        Ok(tokens)
    }

    /// The key of an argument that comes next.
    fn known_ahead(&self, input: ParseStream<'_>) -> Option<Ident> {
        let key = input.fork().call(Ident::parse_any).ok()?;
        self.has(&key.unraw().to_string()).then_some(key)
    }

    fn argument(&'static self, tokens: TokenStream) -> syn::Result<Argument> {
        let mut rest = tokens.clone().into_iter();
        let Some(TokenTree::Ident(key)) = rest.next() else {
            let examples: Vec<_> = self.arguments.iter().map(|(_, example)| *example).collect();
            let message = format!(
                "not an argument of {}; those are, with examples, {}",
                self.attribute,
                join_quoted(&examples)
            );
            return Err(syn::Error::new_spanned(tokens, message));
        };
        let value = match rest.next() {
            None => Value::None,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                Value::Assigned(rest.collect())
            }
            Some(TokenTree::Group(group)) if rest.next().is_none() => Value::List(group.stream()),
            Some(_) => Value::Malformed,
        };
        Ok(Argument {
            key: key.unraw(),
            value,
            tokens,
            syntax: self,
        })
    }
}

/// Skips a key and its value. A value is an expression, so a comma within `<..>` does not end it.
fn skip_argument(input: ParseStream<'_>) -> bool {
    if input.call(Ident::parse_any).is_err() {
        return false;
    }
    if input.peek(Token![=]) {
        return input.parse::<Token![=]>().is_ok() && input.parse::<Expr>().is_ok();
    }
    !input.peek(Paren) || input.parse::<TokenTree>().is_ok()
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

    /// The items of `key(a, b)`, each of which must be a `T`.
    pub(crate) fn list<T: Parse>(&self, expected: &str) -> syn::Result<Vec<T>> {
        let Value::List(list) = &self.value else {
            return Err(self.expected(&self.tokens, expected));
        };
        let parser = Punctuated::<T, Token![,]>::parse_terminated;
        match parser.parse2(list.clone()) {
            Ok(items) => Ok(items.into_iter().collect()),
            Err(_) => Err(self.expected(list, expected)),
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
        if let Some((_, hint)) = self.syntax.hints.iter().find(|(known, _)| *known == key) {
            return self.error(format!("there is no argument `{key}`: {hint}"));
        }
        let known = self.syntax.arguments.iter().map(|(known, _)| *known);
        let known: Vec<_> = known.collect();
        let guess = match nearest(&key, known.iter().copied()) {
            Some(meant) => format!(": did you mean `{meant}`?"),
            None => String::from("."),
        };
        self.error(format!(
            "{} has no argument `{key}`{guess} It takes {}",
            self.syntax.attribute,
            join_quoted(&known)
        ))
    }

    /// An error that is shown at the key.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> syn::Error {
        syn::Error::new_spanned(&self.key, message)
    }
}
