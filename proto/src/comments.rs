//! What the .proto files say beside their declarations.

use prost_types::FileDescriptorProto;

/// Positions of declarations in a file's source info.
pub(crate) const MESSAGES: i32 = 4;
pub(crate) const FIELDS: i32 = 2;
pub(crate) const SERVICES: i32 = 6;
pub(crate) const METHODS: i32 = 2;

/// The comment above a declaration, on one line.
pub(crate) fn comment(file: &FileDescriptorProto, path: &[i32]) -> String {
    file.source_code_info
        .iter()
        .flat_map(|info| &info.location)
        .find(|location| location.path == path)
        .map(|location| location.leading_comments().trim().replace("\n ", " "))
        .unwrap_or_default()
}

/// `Whether ..` -> `whether ..`, and `HTTP ..` as it is.
pub(crate) fn decapitalized(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain([second]).chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

pub(crate) fn as_i32(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}
