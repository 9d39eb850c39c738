//! What a field may be, and what its values look like.

use std::fmt;
use std::net::IpAddr;
use std::num::{NonZeroI8, NonZeroU32, ParseIntError};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use cvtplugin::prelude::*;

use crate::support::{config, refusal};

#[derive(PluginConfig)]
struct Everything {
    whole: Option<u64>,
    real: Option<f64>,
    flag: Option<bool>,
    letter: Option<char>,
    text: Option<String>,
    path: Option<PathBuf>,
    address: Option<IpAddr>,
    not_zero: Option<NonZeroU32>,
    change: Option<NonZeroI8>,
    duration: Option<Duration>,
    mode: Option<Mode>,
    port: Option<Port>,
    list: Option<Vec<u16>>,
    durations: Option<Vec<Duration>>,
    secret: Option<SecretString>,
    secrets: Option<Vec<SecretString>>,
    #[config(parse_with = percent)]
    share: Option<f64>,
    #[config(parse_with = |text: &str| u64::from_str_radix(text, 16))]
    colour: Option<u64>,
}

#[derive(Debug, PartialEq)]
enum Mode {
    Strict,
    Lenient,
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "strict" => Ok(Self::Strict),
            "lenient" => Ok(Self::Lenient),
            _ => Err("it is strict or lenient"),
        }
    }
}

/// Has the error of a number, without being one.
struct Port(u16);

impl FromStr for Port {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

fn percent(text: &str) -> Result<f64, NoPercent> {
    let number = text.strip_suffix('%').ok_or(NoPercent)?;
    let number: f64 = number.parse().map_err(|_| NoPercent)?;
    Ok(number / 100.0)
}

struct NoPercent;

impl fmt::Display for NoPercent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a share is a number and `%`")
    }
}

fn read(key: &str, value: &str) -> Everything {
    config(&[(key, value)]).unwrap_or_else(|error| panic!("{key}: {error}"))
}

#[test]
fn numbers_bools_and_chars_are_parsed() {
    assert_eq!(read("whole", "18446744073709551615").whole, Some(u64::MAX));
    assert_eq!(read("real", "-1.5e3").real, Some(-1500.0));
    assert_eq!(read("flag", "true").flag, Some(true));
    assert_eq!(read("letter", "ä").letter, Some('ä'));
    assert_eq!(read("not_zero", "5").not_zero, NonZeroU32::new(5));
    assert_eq!(read("change", "-5").change, NonZeroI8::new(-5));
    let address = Some(IpAddr::from([127, 0, 0, 1]));
    assert_eq!(read("address", "127.0.0.1").address, address);
}

#[test]
fn text_stays_as_it_is() {
    let text = " a, \"b\"\n";
    assert_eq!(read("text", text).text.as_deref(), Some(text));
    assert_eq!(read("path", " /tmp/a b").path, Some(" /tmp/a b".into()));
}

#[test]
fn durations_have_units() {
    for (text, seconds) in [("30s", 30), ("1m 30s", 90), ("2h", 7200)] {
        let expected = Some(Duration::from_secs(seconds));
        assert_eq!(read("duration", text).duration, expected, "{text}");
    }
}

#[test]
fn custom_types_are_parsed() {
    assert_eq!(read("mode", "strict").mode, Some(Mode::Strict));
    assert_eq!(read("mode", "lenient").mode, Some(Mode::Lenient));
    let port = read("port", "80").port.map(|Port(number)| number);
    assert_eq!(port, Some(80));
}

#[test]
fn lists_are_comma_separated() {
    assert_eq!(read("list", "80").list, Some(vec![80]));
    assert_eq!(
        read("list", " 80 ,443,, 8080,").list,
        Some(vec![80, 443, 8080])
    );
    assert_eq!(read("list", " , ").list, Some(vec![]));
    let durations = vec![Duration::from_secs(1), Duration::from_secs(60)];
    assert_eq!(read("durations", "1s,1m").durations, Some(durations));
}

#[test]
fn secrets_hold_their_value() {
    let secret = read("secret", " s3cret ").secret.expect("it is set");
    assert_eq!(secret.expose_secret(), " s3cret ");
    let secrets = read("secrets", "a, b").secrets.expect("it is set");
    let secrets: Vec<_> = secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(secrets, ["a", "b"]);
}

#[test]
fn custom_functions_parse() {
    assert_eq!(read("share", "50%").share, Some(0.5));
    assert_eq!(read("colour", "ff").colour, Some(255));
}

#[test]
fn empty_value_is_unset() {
    let everything = config::<Everything>(&[
        ("whole", ""),
        ("text", ""),
        ("list", ""),
        ("secret", ""),
        ("share", ""),
    ]);
    let everything = everything.expect("nothing is required");
    assert_eq!(everything.whole, None);
    assert_eq!(everything.text, None);
    assert_eq!(everything.list, None);
    assert!(everything.secret.is_none());
    assert_eq!(everything.share, None);
}

/// A key, its value, and why that is rejected.
const REJECTIONS: &[(&str, &str, &str)] = &[
    (
        "whole",
        "abc",
        r#"invalid value "abc": expected a whole number"#,
    ),
    (
        "whole",
        "10\n",
        r#"invalid value "10\n": expected a whole number"#,
    ),
    (
        "whole",
        "-1",
        r#"invalid value "-1": expected a whole number from 0 to 18446744073709551615"#,
    ),
    (
        "real",
        "a lot",
        r#"invalid value "a lot": expected a number"#,
    ),
    (
        "flag",
        "yes",
        r#"invalid value "yes": expected true or false"#,
    ),
    (
        "letter",
        "ab",
        r#"invalid value "ab": expected a single character"#,
    ),
    (
        "address",
        "here",
        r#"invalid value "here": expected an IP address"#,
    ),
    (
        "not_zero",
        "0",
        r#"invalid value "0": expected a whole number from 1 to 4294967295"#,
    ),
    (
        "change",
        "none",
        r#"invalid value "none": expected a whole number"#,
    ),
    (
        "change",
        "0",
        r#"invalid value "0": expected a whole number from -128 to 127 except 0"#,
    ),
    (
        "duration",
        "30",
        r#"invalid value "30": expected a duration: time unit needed, for example 30sec or 30ms"#,
    ),
    (
        "mode",
        "strikt",
        r#"invalid value "strikt": expected Mode: it is strict or lenient"#,
    ),
    (
        "port",
        "http",
        r#"invalid value "http": expected Port: invalid digit found in string"#,
    ),
    (
        "list",
        "80, http",
        r#"invalid value "http": expected a whole number"#,
    ),
    (
        "list",
        "80, 65536",
        r#"invalid value "65536": expected a whole number from 0 to 65535"#,
    ),
    (
        "share",
        "half",
        r#"invalid value "half": a share is a number and `%`"#,
    ),
    (
        "colour",
        "red",
        r#"invalid value "red": invalid digit found in string"#,
    ),
];

#[test]
fn rejection_says_what_is_wrong() {
    for (key, value, message) in REJECTIONS {
        assert_eq!(refusal::<Everything>(key, value), *message);
    }
}

#[test]
fn rejection_says_what_is_expected() {
    #[derive(PluginConfig)]
    #[allow(dead_code, reason = "only its keys are used")]
    struct Documented {
        /// Seconds to wait
        /// for the registry.
        ///
        /// It is slow in the morning.
        #[config(default = 10, example = 5)]
        timeout: u64,
    }
    assert_eq!(
        refusal::<Documented>("timeout", "soon"),
        "invalid value \"soon\": expected a whole number (Seconds to wait for the registry; example: 5; default: 10)"
    );
}

#[test]
fn late_rejection_is_reported_with_its_key() {
    let error = crate::support::failure::<Everything>(&[("whole", "abc"), ("flag", "yes")]);
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(
        error.message(),
        "`whole`: invalid value \"abc\": expected a whole number; `flag`: invalid value \"yes\": expected true or false"
    );
}
