//! What several faults need.

use cvtplugin_testkit::http2::Connection;
use cvtplugin_testkit::wait::soon;

use crate::harness::Echo;

/// Opens another connection than the host's.
pub(crate) async fn connect(echo: &Echo) -> Connection {
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    connection.expect("a connection")
}

/// Checks that the host is served as if nothing were wrong.
pub(crate) async fn host_is_served(echo: &Echo) {
    let served = async {
        echo.plugin.client().ping().await.expect("a pong");
        assert_eq!(
            echo.say("alive").await.expect("a response"),
            "echoed: alive"
        );
    };
    soon("the host to be served", served).await;
}
