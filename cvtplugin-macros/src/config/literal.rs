//! Literals in attributes, as text that CVT would deliver.

use syn::{Expr, ExprLit, ExprUnary, Lit, Type, UnOp};

use super::builtin::{self, is_duration};
use super::types;

/// A literal, perhaps a negative one.
pub(crate) struct Literal {
    pub(crate) expr: Expr,
    pub(crate) text: String,
    /// In quotes: whatever its type, it is read from the text.
    pub(crate) quoted: bool,
}

/// What a field is when its key is not set.
pub(crate) enum DefaultValue {
    /// In quotes, or else typed.
    Literal(Literal),
    Expression(Box<Expr>),
}

impl DefaultValue {
    pub(crate) fn expr(&self) -> &Expr {
        match self {
            Self::Literal(literal) => &literal.expr,
            Self::Expression(expr) => expr,
        }
    }

    /// Whether it is spelled `None`.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self.expr(), Expr::Path(path) if path.path.is_ident("None"))
    }
}

impl Literal {
    pub(crate) fn of(expr: &Expr) -> Option<Self> {
        let (sign, lit) = match expr {
            // What a `macro_rules` macro puts around its `$value:expr`.
            Expr::Group(group) => return Self::of(&group.expr),
            Expr::Lit(ExprLit { lit, .. }) => ("", lit),
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }) => match &**expr {
                Expr::Lit(ExprLit {
                    lit: lit @ (Lit::Int(_) | Lit::Float(_)),
                    ..
                }) => ("-", lit),
                _ => return None,
            },
            _ => return None,
        };
        // One such as `5m` is none of Rust's.
        let suffix = lit.suffix();
        let text = match lit {
            Lit::Str(text) => text.value(),
            Lit::Int(number) if builtin::is_number(suffix) => number.base10_digits().to_owned(),
            Lit::Float(number) if builtin::is_number(suffix) => number.base10_digits().to_owned(),
            Lit::Int(number) => number.to_string(),
            Lit::Float(number) => number.to_string(),
            Lit::Bool(bool) => bool.value.to_string(),
            Lit::Char(char) => char.value().to_string(),
            _ => return None,
        };
        Some(Self {
            text: format!("{sign}{text}"),
            quoted: matches!(lit, Lit::Str(_)),
            expr: expr.clone(),
        })
    }

    /// Why the value is none of the type's, if the type or that of its items is one of those that are
    /// known here. One that is `shown` to operators is text, in quotes or not.
    pub(crate) fn trouble_with(&self, ty: &Type, shown: bool) -> Option<String> {
        let is_text = self.quoted || shown;
        let ty = types::within(ty, "Option").unwrap_or(ty);
        let Some(item) = types::within(ty, "Vec") else {
            return self.trouble_with_one(&self.text, ty, is_text);
        };
        let items = self.text.split(',').map(str::trim);
        let mut items = items.filter(|text| !text.is_empty());
        items.find_map(|text| self.trouble_with_one(text, item, is_text))
    }

    fn trouble_with_one(&self, text: &str, ty: &Type, is_text: bool) -> Option<String> {
        let is_duration = is_duration(ty);
        // rustc reports a number for a duration.
        if is_duration && !is_text || builtin::parses(text, ty)? {
            return None;
        }
        let expected = if is_duration {
            String::from("duration with its unit, as in `30s`")
        } else {
            types::spelled(ty)
        };
        Some(if self.quoted {
            format!("invalid value {text:?}: expected a {expected}")
        } else {
            format!("invalid value `{text}`: expected a {expected}")
        })
    }
}
