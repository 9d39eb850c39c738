//! Connections that only host and plugin can hold.

mod client;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;

use cvtplugin::LogRecord;
use cvtplugin::host::{Host, LaunchError};
use cvtplugin_testkit::wait::TIMEOUT;
use tokio_rustls::rustls::version::{TLS12, TLS13};

use super::{is_served, start};
use crate::harness::{ECHO, Echo, bare_command};
use client::{Identity, tls};

#[tokio::test]
async fn host_and_plugin_trust_each_other() {
    for network in ["unix", "tcp"] {
        let secured = |host: Host| host.auto_mtls().env("CVT_PLUGIN_NETWORK", network);
        let echo = Echo::launch_with(secured).await;
        assert_eq!(
            echo.say("hello").await.expect("a response"),
            "echoed: hello"
        );
        let long = "x".repeat(1024 * 1024);
        let text = echo.say(long.as_str()).await.expect("a response");
        assert_eq!(text, format!("echoed: {long}"));
        echo.end().await;
    }
}

#[tokio::test]
async fn garbage_is_warned_about_once() {
    let secured = |host: Host| host.auto_mtls().env("CVT_PLUGIN_NETWORK", "tcp");
    let echo = Echo::launch_with(secured).await;
    for _ in 0..20 {
        let mut stream = TcpStream::connect(echo.plugin.address()).expect("a connection");
        stream.write_all(b"garbage").expect("it is sent");
        stream.shutdown(Shutdown::Write).expect("it is sent");
        // The end says that the plugin is done with it.
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert_eq!(
        echo.say("hello").await.expect("a response"),
        "echoed: hello"
    );
    let is_warning = |record: &LogRecord| record.message.starts_with("refused a connection");
    echo.log(is_warning).await;
    let logs = echo.captured.logs();
    assert_eq!(logs.iter().filter(|it| is_warning(it)).count(), 1);
    let of_others = "any user of this machine";
    assert!(!logs.iter().any(|it| it.message.starts_with(of_others)));
    echo.end().await;
}

#[test]
fn other_clients_are_refused() {
    let (host, stranger) = (Identity::new(), Identity::new());
    let mut command = bare_command();
    command
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .env("PLUGIN_CLIENT_CERT", host.pem());
    let (_running, line) = start(&mut command);
    let socket = line.split('|').nth(3).expect("an address");
    let connect = || {
        let stream = UnixStream::connect(socket).expect("a connection");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a limit");
        stream
    };
    for version in [&TLS12, &TLS13] {
        let serves = |shown| is_served(tls(connect(), version, shown));
        for (who, shown) in [
            ("one without a certificate", None),
            ("one with another certificate", Some(stranger.shown())),
            (
                "one with the certificate, and not its key",
                Some(host.shown_without_its_key(&stranger)),
            ),
        ] {
            assert!(!serves(shown), "{who} is served over {version:?}");
            assert!(serves(Some(host.shown())), "after {who}, the host is not");
        }
    }
    assert!(!is_served(connect()), "one without TLS is served");
    let host = tls(connect(), &TLS13, Some(host.shown()));
    assert!(is_served(host), "after one without TLS, the host is not");
}

#[tokio::test]
async fn certificate_that_is_malformed_is_an_error() {
    for certificate in ["garbage", &Identity::new().pem().repeat(2)] {
        let host = Host::new(ECHO).env("PLUGIN_CLIENT_CERT", certificate);
        let error = host.launch().await.expect_err("no certificate");
        assert!(
            matches!(error, LaunchError::BadHandshake { .. }),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(text.contains("expected one certificate in PEM"), "{text}");
    }
}
