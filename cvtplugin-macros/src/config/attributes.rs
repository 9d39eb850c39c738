//! `#[config(..)]` on the struct and on its fields.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, Parser as _};
use syn::{Attribute, Expr, LitStr, Path};

use super::literal::Literal;
use super::model::DefaultValue;
use super::pieces::{Piece, Value, pieces};
use crate::errors::{Errors, listed};
use crate::suggest::nearest;

/// What goes on a field, each with an example.
const ON_FIELD: [(&str, &str); 5] = [
    ("default", "default = 10"),
    ("example", "example = \"https://example.com\""),
    ("rename", "rename = \"base-url\""),
    ("secret", "secret"),
    ("parse_with", "parse_with = path::to::function"),
];

/// What goes on the struct.
const ON_STRUCT: [(&str, &str); 1] = [("crate", "crate = \"::cvtplugin\"")];

/// What is wrong has been reported and left out.
#[derive(Default)]
pub(crate) struct StructAttributes {
    pub(crate) krate: Option<TokenStream>,
}

impl StructAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        for piece in pieces(attributes, errors) {
            if let Err(error) = parsed.take(&piece) {
                errors.push(error);
            }
        }
        parsed
    }

    fn take(&mut self, piece: &Piece) -> syn::Result<()> {
        match piece.key.to_string().as_str() {
            "crate" => self.krate = Some(piece.krate()?),
            _ => return Err(piece.unknown("the struct", &ON_STRUCT, "a field", &ON_FIELD)),
        }
        Ok(())
    }
}

/// What is wrong has been reported and left out.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) default: Option<DefaultValue>,
    pub(crate) example: Option<Literal>,
    pub(crate) rename: Option<LitStr>,
    pub(crate) secret: Option<Span>,
    pub(crate) parse_with: Option<Expr>,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        for piece in pieces(attributes, errors) {
            if let Err(error) = parsed.take(&piece) {
                errors.push(error);
            }
        }
        parsed
    }

    fn take(&mut self, piece: &Piece) -> syn::Result<()> {
        match piece.key.to_string().as_str() {
            "default" => self.default = Some(piece.default()?),
            "example" => self.example = Some(piece.example()?),
            "rename" => self.rename = Some(piece.rename()?),
            "secret" => self.secret = Some(piece.flag()?),
            "parse_with" => self.parse_with = Some(piece.function()?),
            _ => return Err(piece.unknown("a field", &ON_FIELD, "the struct", &ON_STRUCT)),
        }
        Ok(())
    }
}

impl Piece {
    fn default(&self) -> syn::Result<DefaultValue> {
        let expr: Expr = self.value("a value")?;
        Ok(match Literal::of(&expr) {
            Some(literal) => DefaultValue::Literal(literal),
            None => DefaultValue::Expression(Box::new(expr)),
        })
    }

    fn example(&self) -> syn::Result<Literal> {
        let expected = "a literal: the value as one writes it in config.yaml";
        let expr: Expr = self.value(expected)?;
        let literal = Literal::of(&expr).ok_or_else(|| self.expected(&expr, expected))?;
        if literal.text.is_empty() {
            let message = "an empty value means that the key is not set: show one that works";
            return Err(syn::Error::new_spanned(expr, message));
        }
        Ok(literal)
    }

    fn rename(&self) -> syn::Result<LitStr> {
        let name: LitStr = self.value("the key in config.yaml, in quotes")?;
        let text = name.value();
        let starts_plainly = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !starts_plainly || !text.chars().all(is_plain) {
            let message = "a key is made of letters, digits, `_`, `-` and `.`, a letter first";
            return Err(syn::Error::new_spanned(name, message));
        }
        Ok(name)
    }

    fn function(&self) -> syn::Result<Expr> {
        let expected = "a function from `&str` to `Result`";
        let function = self.value(expected)?;
        match function {
            Expr::Path(_) | Expr::Closure(_) => Ok(function),
            _ => Err(self.expected(function, expected)),
        }
    }

    fn flag(&self) -> syn::Result<Span> {
        match self.value {
            Value::None => Ok(self.key.span()),
            _ => Err(self.expected(&self.tokens, "no value")),
        }
    }

    fn krate(&self) -> syn::Result<TokenStream> {
        let expected = "the path of the cvtplugin crate, in quotes";
        let text: LitStr = self.value(expected)?;
        match text.parse_with(Path::parse_mod_style) {
            Ok(path) => Ok(path.into_token_stream()),
            Err(_) => Err(self.expected(text, expected)),
        }
    }

    /// The assigned value, which must be a `T`.
    fn value<T: Parse>(&self, expected: &str) -> syn::Result<T> {
        match &self.value {
            Value::Assigned(tokens) if !tokens.is_empty() => T::parse
                .parse2(tokens.clone())
                .map_err(|_| self.expected(tokens, expected)),
            _ => Err(self.expected(&self.tokens, expected)),
        }
    }

    fn expected(&self, at: impl ToTokens, expected: &str) -> syn::Error {
        let key = self.key.to_string();
        let mut known = ON_FIELD.iter().chain(&ON_STRUCT);
        let example = known.find(|(known, _)| *known == key);
        let example = example.map_or("", |(_, example)| example);
        let message = format!("`{key}` takes {expected}, as in `#[config({example})]`");
        syn::Error::new_spanned(at, message)
    }

    /// The error for a key that is none of `known`, which go `here`.
    fn unknown(
        &self,
        here: &str,
        known: &[(&str, &str)],
        elsewhere: &str,
        others: &[(&str, &str)],
    ) -> syn::Error {
        let key = self.key.to_string();
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let message = if others.iter().any(|(name, _)| *name == key) {
            format!("`{key}` goes on {elsewhere}, not on {here}")
        } else if key == "optional" || key == "required" {
            "a key is optional if its type is an `Option` or it has a `default`; otherwise it is \
             required"
                .to_owned()
        } else {
            let guess = match nearest(&key, names.iter().copied()) {
                Some(meant) => format!(": did you mean `{meant}`?"),
                None => String::from("."),
            };
            let names = listed(&names);
            format!("`#[config(..)]` has no `{key}`{guess} On {here} it takes {names}")
        };
        syn::Error::new_spanned(&self.key, message)
    }
}
