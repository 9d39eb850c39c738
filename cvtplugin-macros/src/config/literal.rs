//! Literals in attributes, as text that CVT would deliver.

use syn::{Expr, ExprLit, ExprUnary, Lit, Type, UnOp};

use super::types;

/// A literal, perhaps a negative one.
pub(crate) struct Literal {
    pub(crate) expr: Expr,
    pub(crate) text: String,
    /// In quotes: whatever its type, it is read from the text.
    pub(crate) quoted: bool,
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
        let text = match lit {
            Lit::Str(text) => text.value(),
            Lit::Int(number) => number.base10_digits().to_owned(),
            Lit::Float(number) => number.base10_digits().to_owned(),
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

    /// Why the text is none of the type's values, if the type or that of its items is a primitive
    /// one.
    pub(crate) fn misfit(&self, ty: &Type) -> Option<String> {
        let ty = types::within(ty, "Option").unwrap_or(ty);
        let Some(item) = types::within(ty, "Vec") else {
            return self.misfit_of(&self.text, ty);
        };
        let items = self.text.split(',').map(str::trim);
        let mut items = items.filter(|text| !text.is_empty());
        items.find_map(|text| self.misfit_of(text, item))
    }

    fn misfit_of(&self, text: &str, ty: &Type) -> Option<String> {
        if parses(text, ty)? {
            return None;
        }
        let ty = types::spelled(ty);
        Some(if self.quoted {
            format!("{text:?} is no {ty}")
        } else {
            format!("`{text}` is no {ty}")
        })
    }
}

/// Whether values of the type can be told here.
pub(crate) fn is_primitive(ty: &Type) -> bool {
    parses("", ty).is_some()
}

/// Whether the text is a value of the type, if that is a primitive one.
fn parses(text: &str, ty: &Type) -> Option<bool> {
    macro_rules! parses_as {
        ($($primitive:ident)*) => {
            match types::spelled(ty).as_str() {
                $(stringify!($primitive) => Some(text.parse::<$primitive>().is_ok()),)*
                _ => None,
            }
        };
    }
    parses_as!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char)
}
