//! What a field is when its key is not set.

use std::path::PathBuf;
use std::time::Duration;

use cvtplugin::prelude::*;

use crate::support::{config, failure};

/// By this name, what it takes is checked at the first start.
type Time = std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(90);

#[derive(PluginConfig)]
struct Defaults {
    #[config(default = 1_000)]
    whole: u64,
    #[config(default = -0x10)]
    negative: i8,
    #[config(default = 1)]
    real: f64,
    #[config(default = true)]
    flag: bool,
    #[config(default = 'x')]
    letter: char,
    #[config(default = "")]
    text: String,
    #[config(default = "/tmp")]
    path: PathBuf,
    #[config(default = "30s")]
    duration: Duration,
    #[config(default = TIMEOUT * 2)]
    computed: Duration,
    #[config(default = "a,b")]
    list: Vec<String>,
    #[config(default = "")]
    empty_list: Vec<u8>,
    #[config(default = vec![TIMEOUT, TIMEOUT])]
    computed_list: Vec<Duration>,
    #[config(default = "0b101", parse_with = binary)]
    by_function: u64,
}

fn binary(text: &str) -> Result<u64> {
    let digits = text.strip_prefix("0b").ok_or("it starts with `0b`")?;
    u64::from_str_radix(digits, 2).invalid_argument("it is binary")
}

#[test]
fn default_is_used() {
    let config: Defaults = config(&[]).expect("nothing is required");
    assert_eq!(config.whole, 1000);
    assert_eq!(config.negative, -16);
    assert!((config.real - 1.0).abs() < f64::EPSILON);
    assert!(config.flag);
    assert_eq!(config.letter, 'x');
    assert_eq!(config.text, "");
    assert_eq!(config.path, PathBuf::from("/tmp"));
    assert_eq!(config.duration, Duration::from_secs(30));
    assert_eq!(config.computed, Duration::from_secs(180));
    assert_eq!(config.list, ["a", "b"]);
    assert!(config.empty_list.is_empty());
    assert_eq!(config.computed_list, [TIMEOUT; 2]);
    assert_eq!(config.by_function, 5);
}

#[test]
fn default_is_shown_as_cvt_would_deliver_it() {
    let shown = Defaults::KEYS.iter().map(|key| {
        let default = key.default_value().expect("all have one");
        key.check(&default)?;
        Ok(default.into_owned())
    });
    let shown: Vec<_> = shown.collect::<Result<_>>().expect("they fit");
    let expected = [
        "1000",
        "-16",
        "1",
        "true",
        "x",
        "",
        "/tmp",
        "30s",
        "3m",
        "a,b",
        "",
        "1m 30s,1m 30s",
        "0b101",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn delivered_value_goes_before_the_default() {
    let config: Defaults =
        config(&[("whole", "5"), ("list", "c"), ("by_function", "0b1")]).expect("they fit");
    assert_eq!(config.whole, 5);
    assert_eq!(config.list, ["c"]);
    assert_eq!(config.by_function, 1);
}

#[test]
fn invalid_default_is_a_bug_of_the_plugin_even_when_not_needed() {
    #[derive(PluginConfig)]
    #[allow(dead_code, reason = "only its keys are used")]
    struct Wrong {
        #[config(default = "30 parsecs")]
        distance: Time,
        #[config(example = "x")]
        missing: String,
    }
    for values in [&[][..], &[("distance", "1s"), ("missing", "a")]] {
        let error = failure::<Wrong>(values);
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(
            error.message(),
            "bug in this plugin: invalid default for `distance`: \
             invalid value \"30 parsecs\": expected a duration: unknown time unit \"parsecs\", supported units: ns, us/µs, ms, sec, min, \
             hours, days, weeks, months, years (and few variations)"
        );
    }
}

#[test]
fn default_of_a_function_is_read_only_when_needed() {
    #[derive(PluginConfig)]
    struct Directory {
        #[config(default = "/no/such/directory", parse_with = existing)]
        directory: PathBuf,
    }

    fn existing(text: &str) -> Result<PathBuf> {
        std::fs::canonicalize(text).invalid_argument("no such directory")
    }

    assert!(config::<Directory>(&[("directory", ".")]).is_ok_and(|it| it.directory.is_absolute()));
    assert_eq!(failure::<Directory>(&[]).code(), Code::Internal);
}
