//! The one line by which a plugin tells its host where to connect. Pure.

use std::fmt;
use std::str::FromStr;

/// The version of go-plugin's own protocol.
const CORE_VERSION: u32 = 1;

/// `CORE|APP|NETWORK|ADDRESS|TRANSPORT|CERTIFICATE[|MULTIPLEXING]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HandshakeLine {
    /// The version of the plugin protocol.
    pub(crate) app_version: u32,
    /// `unix` or `tcp`.
    pub(crate) network: String,
    /// The address in that network.
    pub(crate) address: String,
    /// The server's certificate, in base64, if AutoMTLS secures its connections; else empty.
    pub(crate) certificate: String,
    /// Whether broker connections can be multiplexed; `None` where nobody asked.
    pub(crate) multiplexing: Option<bool>,
}

impl fmt::Display for HandshakeLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            app_version,
            network,
            address,
            certificate,
            multiplexing,
        } = self;
        write!(
            f,
            "{CORE_VERSION}|{app_version}|{network}|{address}|grpc|{certificate}"
        )?;
        match multiplexing {
            Some(supported) => write!(f, "|{supported}"),
            None => Ok(()),
        }
    }
}

impl FromStr for HandshakeLine {
    type Err = String;

    /// Reads a line; the error says what is wrong with it.
    fn from_str(line: &str) -> Result<Self, String> {
        let fields: Vec<_> = line.trim_end().split('|').collect();
        let [core, app, network, address, rest @ ..] = fields.as_slice() else {
            return Err("it has fewer than four fields separated by `|`".into());
        };
        if core.parse() != Ok(CORE_VERSION) {
            return Err(format!(
                "its go-plugin version is {core:?}, not {CORE_VERSION}"
            ));
        }
        let app_version = app
            .parse()
            .map_err(|_| format!("invalid protocol version {app:?}: expected a number"))?;
        if !matches!(*network, "unix" | "tcp") {
            return Err(format!("its network {network:?} is neither unix nor tcp"));
        }
        if !matches!(rest.first(), Some(&"grpc")) {
            return Err("its transport is not grpc".into());
        }
        Ok(Self {
            app_version,
            network: (*network).to_owned(),
            address: (*address).to_owned(),
            certificate: rest.get(1).copied().unwrap_or_default().to_owned(),
            multiplexing: rest.get(2).map(|field| *field == "true"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(multiplexing: Option<bool>) -> HandshakeLine {
        HandshakeLine {
            app_version: 1,
            network: "unix".into(),
            address: "/tmp/plugin.sock".into(),
            certificate: String::new(),
            multiplexing,
        }
    }

    #[test]
    fn line_is_written_as_go_plugin_reads_it() {
        assert_eq!(line(None).to_string(), "1|1|unix|/tmp/plugin.sock|grpc|");
        assert_eq!(
            line(Some(false)).to_string(),
            "1|1|unix|/tmp/plugin.sock|grpc||false"
        );
        let secured = HandshakeLine {
            certificate: "AbC/+9".into(),
            ..line(None)
        };
        assert_eq!(secured.to_string(), "1|1|unix|/tmp/plugin.sock|grpc|AbC/+9");
    }

    #[test]
    fn line_is_read_as_written() {
        for multiplexing in [None, Some(true), Some(false)] {
            for certificate in ["", "AbC/+9"] {
                let line = HandshakeLine {
                    certificate: certificate.into(),
                    ..line(multiplexing)
                };
                assert_eq!(line.to_string().parse(), Ok(line));
            }
        }
    }

    #[test]
    fn malformed_line_is_explained() {
        for (text, why) in [
            ("hello", "fewer than four"),
            ("2|1|unix|/x|grpc|", "go-plugin version"),
            ("1|one|unix|/x|grpc|", "expected a number"),
            ("1|1|pipe|/x|grpc|", "neither unix nor tcp"),
            ("1|1|unix|/x|netrpc|", "transport"),
            ("1|1|unix|/x", "transport"),
        ] {
            let error = text.parse::<HandshakeLine>().expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
