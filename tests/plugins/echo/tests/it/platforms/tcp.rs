//! The listener for systems without unix sockets.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use cvtplugin::host::{Host, LaunchError};
use tracing::Level;

use crate::harness::{ECHO, Echo};

const NETWORK: (&str, &str) = ("CVT_PLUGIN_NETWORK", "tcp");

fn between(host: Host, min: &str, max: &str) -> Host {
    host.env(NETWORK.0, NETWORK.1)
        .env("PLUGIN_MIN_PORT", min)
        .env("PLUGIN_MAX_PORT", max)
}

fn listens_at(echo: &Echo) -> SocketAddr {
    echo.plugin.address().parse().expect("an address and port")
}

#[tokio::test]
async fn loopback_alone_is_served() {
    let echo = Echo::launch_with(|host| host.env(NETWORK.0, NETWORK.1)).await;
    assert_eq!(listens_at(&echo).ip(), Ipv4Addr::LOCALHOST);
    assert_eq!(
        echo.say("hello").await.expect("a response"),
        "echoed: hello"
    );
    echo.end().await;
}

#[tokio::test]
async fn tcp_without_auto_mtls_warns_that_any_user_can_call() {
    let echo = Echo::launch_with(|host| host.env(NETWORK.0, NETWORK.1)).await;
    let warning = "any user of this machine can call this plugin";
    let record = echo.log(|record| record.message.starts_with(warning)).await;
    assert_eq!(record.level, Level::WARN);
    echo.end().await;
}

#[tokio::test]
async fn first_free_port_of_the_range_is_used() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("an address").port();
    let last = port.saturating_add(50);
    let echo = Echo::launch_with(|host| between(host, &port.to_string(), &last.to_string())).await;
    let found = listens_at(&echo).port();
    assert!(port < found && found <= last, "{found} of {port} to {last}");
    echo.end().await;
}

#[tokio::test]
async fn port_missing_is_explained() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("an address").port();
    let port = port.to_string();
    for (min, max, why) in [
        (port.as_str(), port.as_str(), "in use"),
        ("2000", "1999", "at most the maximum"),
        ("\u{7f}garbage", "", "expected a port"),
        ("", "65536", "expected a port"),
    ] {
        let host = between(Host::new(ECHO), min, max);
        let error = host.launch().await.expect_err("expected a port");
        // The line that explains it takes the handshake line's place.
        assert!(
            matches!(error, LaunchError::BadHandshake { .. }),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(text.contains("PLUGIN_M") && text.contains(why), "{text}");
    }
}
