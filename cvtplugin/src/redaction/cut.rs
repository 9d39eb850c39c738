//! Cuts texts that are longer than they may be.

/// The last place at or before `max` where `text` can be cut.
pub(crate) fn boundary(text: &str, max: usize) -> usize {
    let mut places = (0..=max.min(text.len())).rev();
    places
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}

/// At most `max` bytes of `text`, with a mark that says how much is missing: that, and the
/// `missing` bytes that were left out before.
pub(crate) fn cut(text: &str, max: usize, missing: usize) -> String {
    let kept = &text[..boundary(text, max)];
    match text.len() - kept.len() + missing {
        0 => kept.to_owned(),
        missing => format!("{kept}… [{missing} bytes cut]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_not_cut_in_two() {
        assert_eq!(cut("aéb", 4, 0), "aéb");
        assert_eq!(cut("aéb", 2, 0), "a… [3 bytes cut]");
        assert_eq!(cut("aéb", 4, 7), "aéb… [7 bytes cut]");
    }
}
