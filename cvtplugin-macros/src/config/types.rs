//! What a type's tokens tell. It makes messages better: what a type is, rustc decides.

use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, Type};

/// The `T` of std's `wrapper<T>`.
pub(crate) fn within<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = bare(ty) else {
        return None;
    };
    let segments = &path.path.segments;
    let is_std = ["std", "core", "alloc"]
        .iter()
        .any(|it| segments[0].ident == it);
    let last = segments.last().filter(|_| segments.len() == 1 || is_std)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner))
            if last.ident == wrapper && arguments.args.len() == 1 =>
        {
            Some(inner)
        }
        _ => None,
    }
}

/// The type without the invisible group that a `macro_rules` macro puts around its `$ty:ty`.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        ty => ty,
    }
}

/// The type of one value, within the `Option` and the `Vec` around it.
pub(crate) fn innermost(ty: &Type) -> &Type {
    let ty = within(ty, "Option").unwrap_or(ty);
    bare(within(ty, "Vec").unwrap_or(ty))
}

/// Whether the type is a reference, or a list of them.
pub(crate) fn is_borrowed(ty: &Type) -> bool {
    matches!(innermost(ty), Type::Reference(_))
}

/// Whether the values are secret, as far as the spelling tells.
pub(crate) fn is_secret(ty: &Type) -> bool {
    match innermost(ty) {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            ["SecretString", "SecretBox"]
                .iter()
                .any(|secret| last.ident == secret)
        }),
        _ => false,
    }
}

/// The type as one writes it.
pub(crate) fn spelled(ty: &Type) -> String {
    let mut spelled = String::new();
    for token in bare(ty).to_token_stream().to_string().split(' ') {
        let glued = spelled.ends_with(['<', ':', '&', '(', '[']) || spelled.is_empty();
        if !glued && !token.starts_with(['<', '>', ':', ',', ')', ']', ';']) {
            spelled.push(' ');
        }
        spelled.push_str(token);
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn types_are_spelled_as_usual() {
        for ty in [
            "u64",
            "std::time::Duration",
            "Vec<Option<url::Url>>",
            "(A, B<C, 3>)",
            "[u8; 4]",
            "&'static str",
        ] {
            let parsed = syn::parse_str(ty).expect("it is a type");
            assert_eq!(spelled(&parsed), ty);
        }
    }
}
