//! Durations as Go writes them, and so CVT's config: `5s`, `1h30m`, `1.5s`, `300ms`.

use std::time::Duration;

/// What one of each unit is, in nanoseconds. Those that begin others come later.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration: numbers with a unit each, or 0. A sign may come before, but not less than 0.
///
/// # Errors
///
/// Returns what was expected.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let nanoseconds = match unsigned {
        "" => None,
        "0" => Some(0),
        unsigned => nanoseconds(unsigned),
    };
    let nanoseconds = nanoseconds
        .filter(|total| !is_negative || *total == 0)
        .and_then(|total| i64::try_from(total).ok())
        .and_then(|total| u64::try_from(total).ok());
    let expected = || "expected a number with a unit, as in `5s`, `300ms` or `1h30m`".to_owned();
    nanoseconds.map(Duration::from_nanos).ok_or_else(expected)
}

fn nanoseconds(mut text: &str) -> Option<u128> {
    let mut total: u128 = 0;
    while !text.is_empty() {
        let unit_at = text.find(|c: char| c != '.' && !c.is_ascii_digit())?;
        let (number, rest) = text.split_at(unit_at);
        let (unit, length) = UNITS
            .iter()
            .find(|(name, _)| rest.starts_with(name))
            .map(|(name, length)| (name.len(), *length))?;
        total = total.checked_add(times(number, length)?)?;
        text = &rest[unit..];
    }
    Some(total)
}

/// A decimal number times a unit.
fn times(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // More digits are below a nanosecond.
    let fraction = &fraction[..fraction.len().min(18)];
    let places = u32::try_from(fraction.len()).ok()?;
    let whole = digits(whole)?.checked_mul(unit)?;
    whole.checked_add(digits(fraction)? * unit / 10_u128.pow(places))
}

fn digits(text: &str) -> Option<u128> {
    match text {
        "" => Some(0),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations_are_parsed() {
        for (text, nanoseconds) in [
            ("5s", 5_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("2.m", 120_000_000_000),
            ("300ms", 300_000_000),
            ("1m1ms", 60_001_000_000),
            ("7us", 7_000),
            ("7µs", 7_000),
            ("9ns", 9),
            ("0s", 0),
            ("0", 0),
            ("-0s", 0),
            ("+1.5m", 90_000_000_000),
            ("0.0000000000000000000001h", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_nanos(nanoseconds)), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        for text in [
            "",
            "+",
            "5",
            "++5s",
            "s",
            ".s",
            "5 s",
            " 5s",
            "5s ",
            "1d",
            "5sec",
            "-5s",
            "1..5s",
            "1.2.3s",
            "1e3s",
            "99999999999999999999999999999999999999999s",
            "9999999h",
            "4000000h",
            "fünf",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
