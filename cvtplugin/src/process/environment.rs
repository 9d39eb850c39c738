//! What the host says through the environment. Pure: takes any source of variables.

mod ports;

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::protocol::{MAGIC_COOKIE_KEY, PROTOCOL_VERSION, is_cookie};

/// `unix` or `tcp`: our own variable, with which tests get the listener of another system.
const NETWORK: &str = "CVT_PLUGIN_NETWORK";

/// What the host asked for when it launched this process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// Where to listen.
    pub(crate) place: Place,
    /// The host's certificate, in PEM, if connections have to be secured by AutoMTLS.
    pub(crate) client_certificate: Option<String>,
    /// Whether the host wants to know if connections can be multiplexed.
    pub(crate) asks_for_multiplexing: bool,
    /// What is odd about the environment, yet no reason to give up.
    pub(crate) warnings: Vec<String>,
}

/// Where the host wants the plugin to listen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a unix socket.
    Unix {
        /// Where the socket has to be; a folder of our own if `None`.
        dir: Option<PathBuf>,
        /// Whose members may connect; our own user alone if `None`.
        group: Option<String>,
    },
    /// On the first free port of these; any if that is 0.
    Tcp { ports: RangeInclusive<u16> },
}

/// Why this process cannot serve a host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EnvironmentError {
    /// No host launched this process.
    NotLaunched,
    /// The host asks for something that makes no sense.
    Invalid(String),
}

impl Environment {
    /// Reads what a host says; `variable` looks one variable up.
    pub(crate) fn read(
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, EnvironmentError> {
        if !is_cookie(variable(MAGIC_COOKIE_KEY).as_deref()) {
            return Err(EnvironmentError::NotLaunched);
        }
        // go-plugin treats an empty variable like a missing one.
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| variable(name).map(|value| value.to_string_lossy().into_owned());
        let unix = || Place::Unix {
            dir: variable("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            group: text("PLUGIN_UNIX_SOCKET_GROUP"),
        };
        let tcp = || ports::read(text).map(|ports| Place::Tcp { ports });
        let place = match text(NETWORK).as_deref() {
            None | Some("unix") => Ok(unix()),
            Some("tcp") => tcp(),
            Some(network) => Err(format!("{NETWORK} is {network:?}, neither unix nor tcp")),
        };
        let mut warnings = text("PLUGIN_PROTOCOL_VERSIONS")
            .map(|versions| check_versions(&versions))
            .unwrap_or_default();
        if let Ok(Place::Unix { .. }) = place {
            // They do not matter here, but the operator should know what is wrong with them.
            warnings.extend(ports::read(text).err());
        }
        Ok(Self {
            place: place.map_err(EnvironmentError::Invalid)?,
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            asks_for_multiplexing: variable("PLUGIN_MULTIPLEX_GRPC").is_some(),
            warnings,
        })
    }
}

/// What is odd about the versions offered. None of it matters to us: there is one version, and
/// a host that does not speak it says so better than we could.
fn check_versions(versions: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut ours_is_offered = false;
    for version in versions.split(',') {
        match version.trim().parse::<u32>() {
            Ok(version) => ours_is_offered |= version == PROTOCOL_VERSION,
            Err(_) => warnings.push(format!(
                "PLUGIN_PROTOCOL_VERSIONS holds {version:?}, which is no version: skipped"
            )),
        }
    }
    if !ours_is_offered {
        warnings.push(format!(
            "the host offers protocol versions {versions:?}; this plugin speaks {PROTOCOL_VERSION}"
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::MAGIC_COOKIE_VALUE;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        Environment::read(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    const COOKIE: (&str, &str) = (MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE);

    #[test]
    fn a_process_without_the_cookie_was_not_launched_by_a_host() {
        assert_eq!(read(&[]), Err(EnvironmentError::NotLaunched));
        let wrong = [(MAGIC_COOKIE_KEY, "cvt-plugin-v2")];
        assert_eq!(read(&wrong), Err(EnvironmentError::NotLaunched));
    }

    #[test]
    fn an_empty_variable_is_a_missing_one() {
        let mut variables = vec![COOKIE];
        variables.extend(
            [
                "CVT_PLUGIN_NETWORK",
                "PLUGIN_UNIX_SOCKET_DIR",
                "PLUGIN_UNIX_SOCKET_GROUP",
                "PLUGIN_MULTIPLEX_GRPC",
                "PLUGIN_CLIENT_CERT",
                "PLUGIN_PROTOCOL_VERSIONS",
            ]
            .map(|name| (name, "")),
        );
        assert_eq!(read(&variables), read(&[COOKIE]));
    }

    #[test]
    fn odd_versions_are_warned_about_and_skipped() {
        let warnings = |versions| {
            read(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", versions)])
                .expect("versions are never fatal")
                .warnings
        };
        assert_eq!(warnings("1"), [""; 0]);
        assert_eq!(warnings("2, 1"), [""; 0]);
        assert_eq!(warnings("1,x").len(), 1);
        assert!(warnings("2,3")[0].contains("speaks 1"));
        assert_eq!(warnings("-1,,99999999999").len(), 4);
    }

    fn place(variables: &[(&str, &str)]) -> Result<Place, EnvironmentError> {
        read(&[&[COOKIE], variables].concat()).map(|environment| environment.place)
    }

    #[test]
    fn unix_is_the_network_here_whatever_the_ports() {
        let garbage = [("PLUGIN_MIN_PORT", "x"), ("PLUGIN_MAX_PORT", "-1")];
        assert_eq!(place(&garbage), place(&[("CVT_PLUGIN_NETWORK", "unix")]));
        let warnings = read(&[&[COOKIE], &garbage[..]].concat())
            .expect("a place")
            .warnings;
        assert!(warnings[0].contains("PLUGIN_MIN_PORT"), "{warnings:?}");
        let wanted = [
            ("PLUGIN_UNIX_SOCKET_DIR", "/run/host"),
            ("PLUGIN_UNIX_SOCKET_GROUP", "staff"),
        ];
        let expected = Place::Unix {
            dir: Some("/run/host".into()),
            group: Some("staff".into()),
        };
        assert_eq!(place(&wanted), Ok(expected));
    }

    #[test]
    fn tcp_is_there_on_request() {
        const TCP: (&str, &str) = ("CVT_PLUGIN_NETWORK", "tcp");
        assert_eq!(place(&[TCP]), Ok(Place::Tcp { ports: 0..=0 }));
        for variables in [
            [TCP, ("PLUGIN_MIN_PORT", "x")],
            [("CVT_PLUGIN_NETWORK", "pipe"), COOKIE],
        ] {
            let Err(EnvironmentError::Invalid(why)) = place(&variables) else {
                panic!("{variables:?} were taken");
            };
            assert!(why.contains(variables[0].0) || why.contains(variables[1].0));
        }
    }
}
