//! How a plugin starts, and how it says that it cannot.

use std::process::{Output, Stdio};
use std::time::Instant;

use cvtplugin::host::{Host, LaunchError};

use crate::harness::{ECHO, Echo, bare_command};

fn run(variables: &[(&str, &str)]) -> Output {
    bare_command()
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("echo starts")
}

#[test]
fn cookie_missing_is_explained() {
    for cookie in [None, Some("wrong")] {
        let mut command = bare_command();
        command.envs(cookie.map(|cookie| ("CVT_PLUGIN_MAGIC_COOKIE", cookie)));
        let output = command.output().expect("echo starts");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let stderr = String::from_utf8(output.stderr).expect("text");
        assert!(stderr.contains("plugin for CVT"), "{stderr}");
        assert!(stderr.contains("cvt plugins install"), "{stderr}");
    }
}

#[test]
fn unservable_environment_is_explained_on_both_streams() {
    let long = "x".repeat(200);
    let directory = tempfile::tempdir().expect("a directory");
    let long = directory.path().join(long);
    std::fs::create_dir_all(&long).expect("a directory");
    let long = long.to_str().expect("text");
    for (name, value, why) in [
        ("PLUGIN_CLIENT_CERT", "-----BEGIN", "AutoMTLS"),
        (
            "PLUGIN_UNIX_SOCKET_GROUP",
            "no such group",
            "a group of this system",
        ),
        (
            "PLUGIN_UNIX_SOCKET_DIR",
            "/no/such/directory",
            "/no/such/directory",
        ),
        ("PLUGIN_UNIX_SOCKET_DIR", long, "too long"),
    ] {
        let output = run(&[(name, value)]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        for stream in [output.stdout, output.stderr] {
            let text = String::from_utf8(stream).expect("text");
            assert!(text.contains(why), "{name}: {text}");
            assert_eq!(text.lines().count(), 1, "{name}: {text}");
            assert!(!text.contains('|'), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn malformed_environment_is_a_warning_at_most() {
    let echo = Echo::launch_with(|host| {
        [
            "PLUGIN_MIN_PORT",
            "PLUGIN_MAX_PORT",
            "PLUGIN_MULTIPLEX_GRPC",
        ]
        .into_iter()
        .fold(host, |host, name| host.env(name, "\u{7f}garbage"))
        .env("PLUGIN_PROTOCOL_VERSIONS", "1,\u{7f}garbage")
    })
    .await;
    let record = echo
        .log(|record| record.level == tracing::Level::WARN)
        .await;
    assert!(
        record.message.contains("PLUGIN_PROTOCOL_VERSIONS"),
        "{}",
        record.message
    );
    echo.end().await;
}

#[tokio::test]
async fn protocol_version_missing_is_announced_all_the_same() {
    let echo = Echo::launch_with(|host| host.env("PLUGIN_PROTOCOL_VERSIONS", "2,3")).await;
    assert_eq!(echo.plugin.info().protocol_version, 1);
    echo.end().await;
}

#[tokio::test]
async fn socket_is_where_the_host_wants_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let echo = Echo::launch_with(|host| host.env("PLUGIN_UNIX_SOCKET_DIR", directory.path())).await;
    assert_eq!(
        echo.plugin.socket().expect("a Unix socket").parent(),
        Some(directory.path())
    );
    // Which fails if the socket is left there.
    echo.end().await;
}

#[tokio::test]
async fn socket_is_private_and_its_directory_goes_with_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let echo = Echo::launch().await;
    let socket = echo.plugin.socket().expect("a Unix socket");
    let directory = socket.parent().expect("a directory");
    for (path, expected) in [(socket, 0o600), (directory, 0o700)] {
        let mode = path.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, expected, "{}", path.display());
    }
    // Which fails if either is left.
    echo.end().await;
}

#[tokio::test]
async fn constructor_failure_fails_info() {
    let host = Host::new(ECHO).env("ECHO_TICK_MS", "often");
    let error = host.launch().await.expect_err("it cannot start");
    assert!(matches!(error, LaunchError::Info(_)), "{error:?}");
    let text = error.to_string();
    assert_eq!(
        text,
        "handshake Info: ECHO_TICK_MS: invalid digit found in string"
    );
}

#[tokio::test]
async fn host_records_when_the_plugin_was_ready() {
    let before = Instant::now();
    let plugin = Host::new(ECHO).launch().await.expect("a plugin");
    let (handshake, info) = (plugin.handshake_time(), plugin.info_time());
    assert!(!handshake.is_zero());
    assert!(handshake < info, "{handshake:?} {info:?}");
    assert!(info < before.elapsed());
}

#[tokio::test]
async fn launch_failure_is_explained() {
    let error = Host::new("/no/such/plugin")
        .launch()
        .await
        .expect_err("none");
    assert!(
        error.to_string().contains("is the plugin built?"),
        "{error}"
    );

    let error = Host::new("/bin/echo")
        .launch()
        .await
        .expect_err("no plugin");
    assert!(
        matches!(error, LaunchError::BadHandshake { .. }),
        "{error:?}"
    );

    let error = Host::new("/bin/false")
        .launch()
        .await
        .expect_err("no plugin");
    assert!(matches!(error, LaunchError::Exited { .. }), "{error:?}");
}
