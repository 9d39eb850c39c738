//! Tells quickly where in a text a pattern may begin: almost nowhere.

/// How many bytes of a pattern are looked at. None is shorter.
const LENGTH: usize = 4;

/// How many bits there are for a pattern: with so many, one place in sixteen passes by chance, and
/// mostly far fewer.
const BITS_PER_PATTERN: usize = 16;

const MIN_BITS: usize = 1 << 14;

/// A set of hashes of the beginnings of patterns. It may take other beginnings for one of them.
pub(super) struct Beginnings {
    bits: Vec<u64>,
    shift: u32,
}

impl Beginnings {
    pub(super) fn of<'p>(patterns: impl ExactSizeIterator<Item = &'p [u8]>) -> Self {
        let bits = patterns.len() * BITS_PER_PATTERN;
        let bits = bits.max(MIN_BITS).next_power_of_two();
        let mut beginnings = Self {
            bits: vec![0; bits / 64],
            shift: u32::BITS - bits.trailing_zeros().min(u32::BITS - 1),
        };
        for beginning in patterns.filter_map(<[u8]>::first_chunk) {
            let (word, bit) = beginnings.place(*beginning);
            beginnings.bits[word] |= bit;
        }
        beginnings
    }

    /// The places in `text`, in order, where a pattern may begin.
    pub(super) fn in_text(&self, text: &[u8]) -> impl Iterator<Item = usize> {
        let may_begin = |(at, window): (usize, &[u8])| {
            let (word, bit) = self.place(*window.first_chunk()?);
            (self.bits[word] & bit != 0).then_some(at)
        };
        text.windows(LENGTH).enumerate().filter_map(may_begin)
    }

    fn place(&self, beginning: [u8; LENGTH]) -> (usize, u64) {
        // Multiplication by a large odd number mixes all bytes into the upper bits.
        let hash = u32::from_le_bytes(beginning).wrapping_mul(0x9e37_79b1) >> self.shift;
        (hash as usize / 64, 1 << (hash % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_passes_and_few_other_places_do() {
        let patterns: Vec<_> = (0..10_000).map(|n| format!("{n:05}-token")).collect();
        let beginnings = Beginnings::of(patterns.iter().map(String::as_bytes));
        for pattern in &patterns {
            assert_eq!(beginnings.in_text(pattern.as_bytes()).next(), Some(0));
        }
        let text = "the quick brown fox jumps over the lazy dog; ".repeat(100);
        assert!(beginnings.in_text(text.as_bytes()).count() < text.len() / 8);
        assert_eq!(beginnings.in_text(b"000").count(), 0);
    }
}
