//! What the host says through the environment. Pure: takes any source of variables.

mod invalid;
mod ports;

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

pub(crate) use invalid::InvalidVariable;
use invalid::NETWORK;

use crate::protocol::{MAGIC_COOKIE_KEY, PROTOCOL_VERSION, is_cookie};

/// What the host asked for when it launched this process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// Where to listen.
    pub(crate) listen_addr: ListenAddr,
    /// The host's certificate, in PEM, if connections have to be secured by AutoMTLS.
    pub(crate) client_certificate: Option<String>,
    /// Whether the host wants to know if connections can be multiplexed.
    pub(crate) asks_for_multiplexing: bool,
    /// What is odd about the environment, yet no reason to give up.
    pub(crate) warnings: Vec<String>,
}

/// Where the host wants the plugin to listen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ListenAddr {
    /// On a unix socket.
    Unix {
        directory: SocketDirectory,
        /// Whose members may connect; our own user alone if `None`.
        group: Option<String>,
    },
    /// On the first free port of these; any if that is 0.
    Tcp { ports: RangeInclusive<u16> },
}

/// Where the socket goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SocketDirectory {
    /// Into a directory that the host keeps for it.
    Host(PathBuf),
    /// Into a fresh directory of our own within this one.
    OwnIn(PathBuf),
}

/// Why this process cannot serve a host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EnvironmentError {
    /// No host launched this process.
    NotLaunched,
    /// The host asks for something that cannot be done.
    Invalid(InvalidVariable),
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
        let unix = || ListenAddr::Unix {
            directory: socket_directory(variable),
            group: text("PLUGIN_UNIX_SOCKET_GROUP"),
        };
        let tcp = || ports::read(text).map(|ports| ListenAddr::Tcp { ports });
        let listen_addr = match text(NETWORK) {
            None => Ok(unix()),
            Some(network) if network == "unix" => Ok(unix()),
            Some(network) if network == "tcp" => tcp(),
            Some(value) => Err(InvalidVariable::Network { value }),
        };
        let mut warnings = text("PLUGIN_PROTOCOL_VERSIONS")
            .map(|versions| check_versions(&versions))
            .unwrap_or_default();
        if let Ok(ListenAddr::Unix { .. }) = listen_addr {
            // They do not matter here, but the operator should know what is wrong with them.
            warnings.extend(ports::read(text).err().map(|invalid| invalid.to_string()));
        }
        Ok(Self {
            listen_addr: listen_addr.map_err(EnvironmentError::Invalid)?,
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            asks_for_multiplexing: variable("PLUGIN_MULTIPLEX_GRPC").is_some(),
            warnings,
        })
    }
}

/// Without a directory of the host's, one below `TMPDIR`: empty, it means `/tmp` to a host, and to
/// std the current directory.
fn socket_directory(variable: impl Fn(&str) -> Option<OsString>) -> SocketDirectory {
    match variable("PLUGIN_UNIX_SOCKET_DIR") {
        Some(directory) => SocketDirectory::Host(directory.into()),
        None => {
            SocketDirectory::OwnIn(variable("TMPDIR").map_or_else(|| "/tmp".into(), PathBuf::from))
        }
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
                "invalid entry {version:?} in PLUGIN_PROTOCOL_VERSIONS: expected a number; skipped"
            )),
        }
    }
    if !ours_is_offered {
        warnings.push(format!(
            "the host offers protocol versions {versions:?}: expected {PROTOCOL_VERSION} among them"
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
    fn cookie_missing_or_wrong_means_not_launched() {
        assert_eq!(read(&[]), Err(EnvironmentError::NotLaunched));
        let wrong = [(MAGIC_COOKIE_KEY, "cvt-plugin-v2")];
        assert_eq!(read(&wrong), Err(EnvironmentError::NotLaunched));
    }

    #[test]
    fn variable_that_is_empty_is_unset() {
        let mut variables = vec![COOKIE];
        variables.extend(
            [
                "CVT_PLUGIN_NETWORK",
                "TMPDIR",
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
    fn versions_that_are_invalid_are_warned_about_and_skipped() {
        let warnings = |versions| {
            read(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", versions)])
                .expect("versions are never fatal")
                .warnings
        };
        assert_eq!(warnings("1"), [""; 0]);
        assert_eq!(warnings("2, 1"), [""; 0]);
        assert_eq!(warnings("1,x").len(), 1);
        assert!(warnings("2,3")[0].contains("expected 1"));
        assert_eq!(warnings("-1,,99999999999").len(), 4);
    }

    fn listen_addr(variables: &[(&str, &str)]) -> Result<ListenAddr, EnvironmentError> {
        read(&[&[COOKIE], variables].concat()).map(|environment| environment.listen_addr)
    }

    #[test]
    fn network_is_unix_whatever_the_ports() {
        let garbage = [("PLUGIN_MIN_PORT", "x"), ("PLUGIN_MAX_PORT", "-1")];
        assert_eq!(
            listen_addr(&garbage),
            listen_addr(&[("CVT_PLUGIN_NETWORK", "unix")])
        );
        let warnings = read(&[&[COOKIE], &garbage[..]].concat())
            .expect("a valid environment")
            .warnings;
        assert!(warnings[0].contains("PLUGIN_MIN_PORT"), "{warnings:?}");
        let wanted = [
            ("PLUGIN_UNIX_SOCKET_DIR", "/run/host"),
            ("PLUGIN_UNIX_SOCKET_GROUP", "staff"),
        ];
        let expected = ListenAddr::Unix {
            directory: SocketDirectory::Host("/run/host".into()),
            group: Some("staff".into()),
        };
        assert_eq!(listen_addr(&wanted), Ok(expected));
    }

    #[test]
    fn temp_dir_unset_or_empty_is_tmp() {
        for (variables, expected) in [
            (&[][..], "/tmp"),
            (&[("TMPDIR", "")], "/tmp"),
            (&[("TMPDIR", "/run/mine")], "/run/mine"),
        ] {
            let expected = ListenAddr::Unix {
                directory: SocketDirectory::OwnIn(expected.into()),
                group: None,
            };
            assert_eq!(listen_addr(variables), Ok(expected), "{variables:?}");
        }
    }

    #[test]
    fn network_is_tcp_on_request() {
        const TCP: (&str, &str) = ("CVT_PLUGIN_NETWORK", "tcp");
        assert_eq!(listen_addr(&[TCP]), Ok(ListenAddr::Tcp { ports: 0..=0 }));
        for (variables, message) in [
            (
                [TCP, ("PLUGIN_MIN_PORT", "x")],
                "invalid PLUGIN_MIN_PORT \"x\": expected a port from 0 to 65535",
            ),
            (
                [("CVT_PLUGIN_NETWORK", "pipe"), COOKIE],
                "invalid CVT_PLUGIN_NETWORK \"pipe\": expected unix or tcp",
            ),
        ] {
            let Err(EnvironmentError::Invalid(invalid)) = listen_addr(&variables) else {
                panic!("{variables:?} were taken");
            };
            assert_eq!(invalid.to_string(), message);
        }
    }
}
