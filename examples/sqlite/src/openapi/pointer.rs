//! Follows `$ref`.

use serde_json::Value;

/// References that refer to references: more than a document can sensibly have.
const MAX_HOPS: usize = 32;

/// Follows the references from `value` to what they refer to.
///
/// # Errors
///
/// Returns the reference that leads nowhere in this document.
pub(crate) fn resolve<'d>(root: &'d Value, value: &'d Value) -> Result<&'d Value, &'d str> {
    let mut at = value;
    for _ in 0..MAX_HOPS {
        let Some(reference) = reference(at) else {
            return Ok(at);
        };
        at = target(root, reference).ok_or(reference)?;
    }
    Err(reference(at).unwrap_or_default())
}

/// The text of a reference.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// What a reference within the document refers to.
pub(crate) fn target<'d>(root: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.contains('%') {
        return root.pointer(&percent_decoded(pointer)?);
    }
    root.pointer(pointer)
}

/// A pointer in a URL may have any character encoded.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_followed_through_escapes() {
        let root =
            json!({ "paths": { "/pets/{id}": { "get": 7 } }, "a": { "$ref": "#/b" }, "b": 8 });
        let get = json!({ "$ref": "#/paths/~1pets~1%7Bid%7D/get" });
        assert_eq!(resolve(&root, &get), Ok(&json!(7)));
        assert_eq!(resolve(&root, &root["a"]), Ok(&json!(8)));
    }

    #[test]
    fn references_that_lead_nowhere_are_named() {
        let root = json!({ "a": { "$ref": "#/a" } });
        assert_eq!(resolve(&root, &root["a"]), Err("#/a"));
        for lost in ["#/b", "other.yaml#/a", "#/%zz", "#anchor"] {
            assert_eq!(resolve(&root, &json!({ "$ref": lost })), Err(lost));
        }
    }
}
