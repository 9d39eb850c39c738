//! Parsers of arguments that several commands take.

/// Splits `KEY=VALUE`.
///
/// # Errors
///
/// Returns a message without the text if there is no `=`, or nothing before it.
pub(crate) fn key_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE"),
    }
}
