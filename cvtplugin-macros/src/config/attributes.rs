//! `#[config(..)]` on the struct and on its fields.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, LitStr, Meta};

use super::literal::{DefaultValue, Literal};
use crate::attribute::{Argument, Syntax, Value};
use crate::errors::Errors;

static ON_FIELD: Syntax = Syntax {
    attribute: "`#[config]` on a field",
    arguments: &[
        ("default", "default = 10"),
        ("example", "example = \"https://example.com\""),
        ("rename", "rename = \"base-url\""),
        ("secret", "secret"),
        ("parse_with", "parse_with = path::to::function"),
    ],
    hints: &[
        (
            "help",
            "the doc comment of the field is what operators read",
        ),
        ("doc", "the doc comment of the field is what operators read"),
        (
            "description",
            "the doc comment of the field is what operators read",
        ),
        (
            "about",
            "the doc comment of the field is what operators read",
        ),
        ("optional", OPTIONAL),
        ("required", OPTIONAL),
        ("default_value", "write `default = 10`"),
        (
            "env",
            "CVT delivers the config; a variable goes into config.yaml, as `${NAME}`",
        ),
        ("flatten", FLAT),
        (
            "skip",
            "every field is a key: keep what is none in the plugin itself",
        ),
        ("with", "write `parse_with = path::to::function`"),
        ("parse", "write `parse_with = path::to::function`"),
        ("value_parser", "write `parse_with = path::to::function`"),
    ],
};

const OPTIONAL: &str = "a key is optional if its type is an `Option` or it has a `default`; \
                        otherwise it is required";

const FLAT: &str = "CVT's config has no levels: put the fields of that struct here";

static ON_STRUCT: Syntax = Syntax {
    attribute: "`#[config]` on the struct",
    arguments: &[("crate", "crate = \"::cvtplugin\"")],
    hints: &[
        (
            "rename_all",
            "give each field its own `rename`, as in `rename = \"base-url\"`",
        ),
        (
            "prefix",
            "give each field its own `rename`, as in `rename = \"base-url\"`",
        ),
    ],
};

/// What is wrong has been reported and left out.
#[derive(Default)]
pub(crate) struct StructAttributes {
    pub(crate) krate: Option<TokenStream>,
}

impl StructAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        let lists = lists(attributes, errors);
        ON_STRUCT.read(lists, errors, |argument| parsed.take(argument));
        parsed
    }

    fn take(&mut self, argument: &Argument) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "crate" => self.krate = Some(argument.crate_path()?),
            field if ON_FIELD.has(field) => {
                let message = format!("`{field}` goes on a field, not on the struct");
                return Err(argument.error(message));
            }
            _ => return Err(argument.unknown()),
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
        let lists = lists(attributes, errors);
        ON_FIELD.read(lists, errors, |argument| parsed.take(argument));
        parsed
    }

    fn take(&mut self, argument: &Argument) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "default" => self.default = Some(argument.default()?),
            "example" => self.example = Some(argument.example()?),
            "rename" => self.rename = Some(argument.rename()?),
            "secret" => self.secret = Some(argument.flag()?),
            "parse_with" => self.parse_with = Some(argument.function()?),
            "crate" => {
                return Err(argument.error("`crate` goes on the struct, not on a field"));
            }
            _ => return Err(argument.unknown()),
        }
        Ok(())
    }
}

/// What stands in the parentheses of each `#[config(..)]` among `attributes`.
fn lists(attributes: &[Attribute], errors: &mut Errors) -> Vec<TokenStream> {
    let mut lists = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("config")) {
        if let Meta::List(list) = &attribute.meta {
            lists.push(list.tokens.clone());
        } else {
            let message = "write what it is about in parentheses, as in \
                           `#[config(default = 10)]`, or leave the attribute out";
            errors.spanning(attribute, message);
        }
    }
    lists
}

impl Argument {
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
        self.value("the key in config.yaml, in quotes")
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
}
