//! The ports among which the host lets a plugin choose: `PLUGIN_MIN_PORT` to `PLUGIN_MAX_PORT`.

use std::ops::RangeInclusive;

use super::InvalidVariable;

const MIN: &str = "PLUGIN_MIN_PORT";
const MAX: &str = "PLUGIN_MAX_PORT";

/// Where a range starts that was given no start: below, ports are not for everybody.
const FIRST_UNPRIVILEGED: u16 = 1024;

/// Reads the range; 0 to 0 stands for any port.
pub(super) fn read(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<RangeInclusive<u16>, InvalidVariable> {
    let port = |name| match variable(name) {
        None => Ok(None),
        Some(value) => match value.parse() {
            // As go-plugin has it, for the system's choice.
            Ok(0) => Ok(None),
            Ok(port) => Ok(Some(port)),
            Err(_) => Err(InvalidVariable::Port { name, value }),
        },
    };
    match (port(MIN)?, port(MAX)?) {
        (None, None) => Ok(0..=0),
        (Some(min), Some(max)) if min > max => Err(InvalidVariable::PortRange { min, max }),
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
        let range = read(|name| {
            let value = if name == MIN { min } else { max };
            (!value.is_empty()).then(|| value.to_owned())
        });
        range.map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn range_that_is_unset_is_open() {
        assert_eq!(range("", ""), Ok(0..=0));
        assert_eq!(range("0", "0"), Ok(0..=0));
        assert_eq!(range("10000", "25000"), Ok(10000..=25000));
        assert_eq!(range("7000", "7000"), Ok(7000..=7000));
        assert_eq!(range("7000", ""), Ok(7000..=u16::MAX));
        assert_eq!(range("", "7000"), Ok(1024..=7000));
        assert_eq!(range("0", "80"), Ok(80..=80));
    }

    #[test]
    fn range_that_is_invalid_is_refused_by_name() {
        for (min, max, why) in [
            (
                "2",
                "1",
                "invalid port range, PLUGIN_MIN_PORT=2 and PLUGIN_MAX_PORT=1: expected the \
                 minimum to be at most the maximum",
            ),
            (
                "x",
                "1",
                "invalid PLUGIN_MIN_PORT \"x\": expected a port from 0 to 65535",
            ),
            (
                "1",
                "65536",
                "invalid PLUGIN_MAX_PORT \"65536\": expected a port from 0 to 65535",
            ),
            (
                "-1",
                "1",
                "invalid PLUGIN_MIN_PORT \"-1\": expected a port from 0 to 65535",
            ),
        ] {
            assert_eq!(range(min, max), Err(why.to_owned()));
        }
    }
}
