//! `#[config(..)]` on the struct and on its fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use syn::{Attribute, Expr, LitStr, Meta};

use super::literal::{DefaultValue, Literal};
use crate::attribute::{Argument, Syntax, Value};
use crate::errors::Errors;
use crate::self_type;

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
        ("nested", FLAT),
        (
            "skip",
            "every field is a key: keep what is none in the plugin itself",
        ),
        ("default_value_t", "write `default = 10`"),
        ("with", PARSE),
        ("parse", PARSE),
        ("value_parser", PARSE),
        ("deserialize_with", PARSE),
        ("validate", CHECK),
        ("range", CHECK),
        ("min", CHECK),
        ("max", CHECK),
        ("name", "write `rename = \"base-url\"`"),
        ("key", "write `rename = \"base-url\"`"),
        ("alias", "a key has one name"),
        ("sensitive", "make it a `SecretString`, or write `secret`"),
    ],
};

const PARSE: &str = "write `parse_with = path::to::function`";

const CHECK: &str = "write `parse_with = path::to::function`, whose error says what is allowed";

/// The arguments that say of a field that it is none, where others have them.
const NO_KEY: [&str; 3] = ["flatten", "nested", "skip"];

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
        (
            "deny_unknown_fields",
            "the log warns of every key that no field has",
        ),
    ],
};

/// What is wrong has been reported and left out.
#[derive(Default)]
pub(crate) struct StructAttributes {
    pub(crate) krate: Option<TokenStream>,
    /// Whether an argument of fields is among them.
    pub(crate) are_of_fields: bool,
}

impl StructAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        let lists = lists(attributes, "crate = \"::cvtplugin\"", errors);
        ON_STRUCT.read(lists, errors, |argument| parsed.take(argument));
        parsed
    }

    fn take(&mut self, argument: &Argument) -> syn::Result<()> {
        match argument.key.to_string().as_str() {
            "crate" => self.krate = Some(argument.crate_path()?),
            field if ON_FIELD.has(field) => {
                self.are_of_fields = true;
                let message = format!(
                    "`{field}` goes on a field, not on the struct: give each field its own"
                );
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
    /// Whether the field is meant to be no key, which has been reported.
    pub(crate) is_no_key: bool,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        let lists = lists(attributes, "default = 10", errors);
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
            key => {
                self.is_no_key |= NO_KEY.contains(&key);
                return Err(argument.unknown());
            }
        }
        Ok(())
    }

    /// Names the struct in the place of `Self`, which expressions outside of its impl cannot say.
    pub(crate) fn name_self(&mut self, name: &Ident) {
        let name = name.to_token_stream();
        let default = match &mut self.default {
            Some(DefaultValue::Expression(expr)) => Some(&mut **expr),
            _ => None,
        };
        for expr in default.into_iter().chain(&mut self.parse_with) {
            let named = self_type::named(expr.to_token_stream(), &name);
            // It still is one.
            if let Ok(named) = syn::parse2(named) {
                *expr = named;
            }
        }
    }
}

/// What stands in the parentheses of each `#[config(..)]` among `attributes`.
fn lists(attributes: &[Attribute], example: &str, errors: &mut Errors) -> Vec<TokenStream> {
    let mut lists = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("config")) {
        if let Meta::List(list) = &attribute.meta {
            lists.push(list.tokens.clone());
        } else {
            let message = format!(
                "write what it is about in parentheses, as in `#[config({example})]`, or leave the \
                 attribute out"
            );
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
