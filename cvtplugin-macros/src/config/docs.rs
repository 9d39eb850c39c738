//! A field's docs.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The lines of the doc comments, without the indentation around them.
pub(crate) fn description(attributes: &[Attribute]) -> String {
    let texts: Vec<_> = attributes.iter().filter_map(text).collect();
    let text = texts.join("\n");
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

fn text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
