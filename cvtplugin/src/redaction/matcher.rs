//! Finds secrets in texts: all of them in one pass, however many there are.

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use secrecy::{ExposeSecret as _, SecretString};

use super::beginnings::Beginnings;
use super::cut::{boundary, cut};
use super::patterns::{Pattern, SHORTEST, patterns};
use super::views::{HexEscape, View, hex_runs};

/// What stands in the place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// What stands in the place of a text that cannot be looked through.
const ALL_REDACTED: &str = "[redacted: there are more secrets than can be looked for]";

/// How many bytes of patterns are looked for at most: they take twelve times their size in memory,
/// and some 100 ms to prepare.
const MAX_PATTERNS: usize = 1024 * 1024;

/// How many bytes one of a secret's takes at most, encoded: `\u0041`.
const LONGEST_UNIT: usize = 6;

/// How many times over a text may be escaped: a quoted text in JSON is so twice, and its record in
/// the log of another once more.
const MAX_ESCAPED: usize = 4;

/// Finds the secrets that it was made for.
pub(super) struct Matcher {
    /// `None` if there are too many: then everything may be one.
    automaton: Option<AhoCorasick>,
    /// Spares the automaton most of a text: the search then takes a third of the time.
    beginnings: Beginnings,
    longest: usize,
    has_space: bool,
}

impl Matcher {
    pub(super) fn new<'s>(secrets: impl Iterator<Item = &'s SecretString>) -> Self {
        let mut all: Vec<Pattern> = Vec::new();
        let mut size = 0;
        for secret in secrets {
            let patterns = patterns(secret.expose_secret());
            size += patterns.iter().map(|pattern| pattern.len()).sum::<usize>();
            all.extend(patterns);
            if size > MAX_PATTERNS {
                break;
            }
        }
        // The same text again would be found twice.
        all.sort_unstable_by(|one, other| one.as_slice().cmp(other));
        all.dedup_by(|one, other| **one == **other);
        let automaton = (size <= MAX_PATTERNS).then(|| automaton(&all)).flatten();
        Self {
            automaton,
            beginnings: Beginnings::of(all.iter().map(|pattern| pattern.as_slice())),
            longest: all.iter().map(|pattern| pattern.len()).max().unwrap_or(0),
            has_space: all.iter().any(|pattern| pattern.contains(&b' ')),
        }
    }

    /// At most `max` bytes of `text`, or a mark more, without secrets.
    pub(super) fn redact<'t>(&self, text: &'t str, max: usize) -> Cow<'t, str> {
        if self.automaton.is_none() && !text.is_empty() {
            return ALL_REDACTED.into();
        }
        let seen = &text[..boundary(text, max.saturating_add(self.lookahead(text, max)))];
        let ranges = self.ranges(seen.as_bytes());
        if ranges.is_empty() && text.len() <= max {
            return text.into();
        }
        let mut shown = String::with_capacity(max.min(text.len()));
        let mut at = 0;
        for range in ranges {
            if range.start >= max || shown.len() > max {
                break;
            }
            shown.push_str(&text[at..boundary(text, range.start)]);
            shown.push_str(REDACTED);
            at = boundary_after(text, range.end);
        }
        let end = boundary(text, max).max(at);
        shown.push_str(&text[at..end]);
        // Not in the middle of a mark.
        cut(&shown, max.saturating_add(REDACTED.len()), text.len() - end).into()
    }

    /// Whether there is a secret in `text`.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.automaton.is_none() || !self.ranges(text.as_bytes()).is_empty()
    }

    /// The last place where `text`, which will go on, can be cut without cutting a secret; 0 if
    /// more of it has to be seen for that.
    pub(super) fn place_to_cut(&self, text: &[u8]) -> usize {
        if self.automaton.is_none() {
            return text.len();
        }
        // What comes after this may be the beginning of one.
        let place = text.len().saturating_sub(LONGEST_UNIT * self.longest);
        let ranges = self.ranges(text);
        let cut = ranges.iter().find(|range| range.contains(&place));
        match cut {
            // Nothing but secrets so far.
            Some(range) if range.start == 0 && place > 0 => range.end,
            Some(range) => range.start,
            None => place,
        }
    }

    /// How far beyond the first `max` bytes of `text` a secret can reach that begins in them.
    fn lookahead(&self, text: &str, max: usize) -> usize {
        let encoded = LONGEST_UNIT * self.longest;
        if text.len() <= max.saturating_add(self.longest) {
            return encoded;
        }
        let before = max.saturating_sub(encoded);
        let around = &text.as_bytes()[before..text.len().min(max.saturating_add(encoded))];
        let is_encoded = [b'%', b'+', b'\\', b'[']
            .iter()
            .any(|it| around.contains(it));
        if is_encoded || !hex_runs(around, 2 * SHORTEST).is_empty() {
            encoded
        } else {
            self.longest
        }
    }

    /// Where the secrets are in `text`, in order. Those that overlap or touch count as one.
    fn ranges(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = self.found_in(text);
        for run in hex_runs(text, 2 * SHORTEST) {
            self.find_in_hex(text, run, &mut found);
        }
        for view in self.views(text) {
            let places = |range: &Range<usize>| view.places[range.start]..view.places[range.end];
            found.extend(self.found_in(&view.bytes).iter().map(places));
        }
        merged(found)
    }

    /// From each place where a pattern begins to where the longest one there ends.
    fn found_in(&self, text: &[u8]) -> Vec<Range<usize>> {
        let longest_at = |(automaton, start): (&AhoCorasick, usize)| {
            let input = Input::new(text).range(start..).anchored(Anchored::Yes);
            Some(automaton.find(input)?.range())
        };
        let places = self.automaton.iter().flat_map(|automaton| {
            let starts = self.beginnings.in_text(text);
            starts.map(move |start| (automaton, start))
        });
        places.filter_map(longest_at).collect()
    }

    /// Looks for secrets in a run of hexadecimal digits, which may begin with half a byte.
    fn find_in_hex(&self, text: &[u8], run: Range<usize>, found: &mut Vec<Range<usize>>) {
        for start in [run.start, run.start + 1] {
            let digits = text[start..run.end].chunks_exact(2);
            let bytes: Vec<_> = digits.map(hex_byte).collect();
            let place = |range: &Range<usize>| start + 2 * range.start..start + 2 * range.end;
            found.extend(self.found_in(&bytes).iter().map(place));
        }
    }

    /// What `text` says where it is encoded, if it is.
    fn views(&self, text: &[u8]) -> Vec<View> {
        let mut views = Vec::new();
        if text.contains(&b'%') {
            views.push(View::percent_decoded(text, false));
        }
        if self.has_space && text.contains(&b'+') {
            views.push(View::percent_decoded(text, true));
        }
        if text.contains(&b'\\') {
            let has_high_bytes = text.windows(3).any(is_high_byte);
            let readings = [HexEscape::Byte, HexEscape::Character];
            for hex in &readings[..=usize::from(has_high_bytes)] {
                let mut view = View::unescaped(text, *hex);
                for _ in 1..MAX_ESCAPED {
                    if !view.bytes.contains(&b'\\') {
                        break;
                    }
                    let again = view.unescaped_again(*hex);
                    views.push(std::mem::replace(&mut view, again));
                }
                views.push(view);
            }
        }
        if text.contains(&b'[') {
            views.extend(View::byte_lists(text));
        }
        views
    }
}

/// `None` if there is more to look for than the library can number.
fn automaton(patterns: &[Pattern]) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    // The fastest kind takes thirty times the memory.
    builder.kind(Some(AhoCorasickKind::ContiguousNFA));
    // Each search begins where a pattern may, and nowhere else.
    builder
        .match_kind(MatchKind::LeftmostLongest)
        .start_kind(StartKind::Anchored);
    let patterns = patterns.iter().map(|pattern| pattern.as_slice());
    builder.build(patterns).ok()
}

/// Whether this is how an escape of a byte over 127 begins.
fn is_high_byte(text: &[u8]) -> bool {
    matches!(text, [b'\\', b'x', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F'])
}

fn hex_byte(digits: &[u8]) -> u8 {
    let digit = |at: usize| char::from(digits[at]).to_digit(16).unwrap_or_default();
    u8::try_from(digit(0) * 16 + digit(1)).unwrap_or_default()
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let is_part = next.start <= last.end;
        if is_part {
            last.end = last.end.max(next.end);
        }
        is_part
    });
    ranges
}

/// The first place at or after `min` where `text` can be cut.
fn boundary_after(text: &str, min: usize) -> usize {
    let mut places = min..text.len();
    places
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len())
}
