//! Regular expressions, as JSON Schema has them, for the texts that are values of a type.

use crate::config::{ValueType, WholeNumber};

/// The units that a duration may have, as `humantime` knows them.
const UNITS: &str = "nanos|nsec|ns|usec|us|µs|millis|msec|ms|seconds|second|secs|sec|s|minutes|\
                     minute|mins|min|m|hours|hour|hrs|hr|h|days|day|d|weeks|week|wks|wk|w|months|\
                     month|M|years|year|yrs|yr|y";

/// What a value of this type looks like; `None` if only a parser knows.
pub(super) fn of(value_type: ValueType) -> Option<String> {
    Some(match value_type {
        ValueType::Text | ValueType::Form(_) => return None,
        ValueType::WholeNumber(range) => whole_number(range),
        ValueType::Number => number(),
        ValueType::Bool => "true|false".to_owned(),
        ValueType::Character => r"[\s\S]".to_owned(),
        ValueType::Duration => {
            let number = r"[0-9][0-9\s]*(?:\.[0-9][0-9\s]*)?";
            format!(r"0|(?:\s*{number}(?:{UNITS}))+\s*")
        }
    })
}

/// A comma-separated list of what fits `item`. Empty items do not count.
pub(super) fn list_of(item: &str) -> String {
    let item = format!(r"\s*(?:{item})?\s*");
    format!("^{item}(?:,{item})*$")
}

fn number() -> String {
    let words = ["inf", "infinity", "nan"].map(either_case).join("|");
    format!(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|{words})")
}

fn either_case(word: &str) -> String {
    let letter = |c: char| format!("[{}{c}]", c.to_ascii_uppercase());
    word.chars().map(letter).collect()
}

/// A whole number of the range, with any zeros before it.
fn whole_number(range: WholeNumber) -> String {
    let positive = up_to(&range.most.to_string());
    let mut patterns = vec![format!(r"\+?0*(?:{positive})")];
    if range.least < 0 {
        let negative = up_to(&range.least.unsigned_abs().to_string());
        patterns.push(format!("-0*(?:{negative})"));
        patterns.extend(range.has_zero.then(|| "-0+".to_owned()));
    }
    patterns.extend(range.has_zero.then(|| r"\+?0+".to_owned()));
    patterns.join("|")
}

/// The whole numbers from 1 to `most`, of digits.
fn up_to(most: &str) -> String {
    let digits: Vec<_> = most.bytes().map(|digit| digit - b'0').collect();
    let mut patterns = vec![most.to_owned()];
    if digits.len() > 1 {
        // Those of fewer digits.
        patterns.push(format!("[1-9][0-9]{{0,{}}}", digits.len() - 2));
    }
    // Those that have the first digits in common, and then a smaller one.
    for (at, digit) in digits.iter().enumerate() {
        let least = u8::from(at == 0);
        if *digit > least {
            let (same, rest) = (&most[..at], digits.len() - at - 1);
            patterns.push(format!("{same}[{least}-{}][0-9]{{{rest}}}", digit - 1));
        }
    }
    patterns.join("|")
}
