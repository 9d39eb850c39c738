//! The ports among which the host lets a plugin choose: `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`.

use std::ops::RangeInclusive;

const MIN: &str = "PLUGIN_MIN_PORT";
const MAX: &str = "PLUGIN_MAX_PORT";

/// Where a range starts that was given no start: below, ports are not for everybody.
const FIRST_UNPRIVILEGED: u16 = 1024;

/// Reads the range; 0 to 0 stands for any port.
pub(super) fn read(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<RangeInclusive<u16>, String> {
    let port = |name| match variable(name) {
        None => Ok(None),
        Some(value) => match value.parse() {
            // As go-plugin has it, for the system's choice.
            Ok(0) => Ok(None),
            Ok(port) => Ok(Some(port)),
            Err(_) => Err(format!("{name} is {value:?}, which is no port")),
        },
    };
    match (port(MIN)?, port(MAX)?) {
        (None, None) => Ok(0..=0),
        (Some(min), Some(max)) if min > max => {
            Err(format!("{MIN} is {min}, which is over {MAX}, {max}"))
        }
        (min, max) => {
            let max = max.unwrap_or(u16::MAX);
            Ok(min.unwrap_or(FIRST_UNPRIVILEGED.min(max))..=max)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: &str, max: &str) -> Result<RangeInclusive<u16>, String> {
        read(|name| {
            let value = if name == MIN { min } else { max };
            (!value.is_empty()).then(|| value.to_owned())
        })
    }

    #[test]
    fn what_is_not_said_is_open() {
        assert_eq!(range("", ""), Ok(0..=0));
        assert_eq!(range("0", "0"), Ok(0..=0));
        assert_eq!(range("10000", "25000"), Ok(10000..=25000));
        assert_eq!(range("7000", "7000"), Ok(7000..=7000));
        assert_eq!(range("7000", ""), Ok(7000..=u16::MAX));
        assert_eq!(range("", "7000"), Ok(1024..=7000));
        assert_eq!(range("0", "80"), Ok(80..=80));
    }

    #[test]
    fn what_makes_no_range_is_refused_by_name() {
        for (min, max, why) in [
            (
                "2",
                "1",
                "PLUGIN_MIN_PORT is 2, which is over PLUGIN_MAX_PORT, 1",
            ),
            ("x", "1", "PLUGIN_MIN_PORT is \"x\", which is no port"),
            (
                "1",
                "65536",
                "PLUGIN_MAX_PORT is \"65536\", which is no port",
            ),
            ("-1", "1", "PLUGIN_MIN_PORT is \"-1\", which is no port"),
        ] {
            assert_eq!(range(min, max), Err(why.to_owned()));
        }
    }
}
