//! What a broken or hostile host sends.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use cvtplugin::Code;
use cvtplugin_testkit::wait::TIMEOUT;

use crate::harness::Echo;

#[tokio::test]
async fn oversized_request_is_refused() {
    let echo = Echo::launch().await;
    let id = "x".repeat(5 * 1024 * 1024);
    let error = echo.say(id).await.expect_err("too large");
    assert_eq!(error.code(), Code::ResourceExhausted);
    assert!(error.message().contains("4194304"), "{error}");
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
}

#[tokio::test]
async fn request_just_below_the_limit_is_served() {
    let echo = Echo::launch().await;
    let id = "x".repeat(4 * 1024 * 1024 - 16);
    let text = echo.say(id.clone()).await.expect("not too large");
    assert_eq!(text.len(), "echoed: ".len() + id.len());
    echo.end().await;
}

#[tokio::test]
async fn malformed_frames_break_their_own_connection_alone() {
    let echo = Echo::launch().await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    let garbage = vec![0xff; 64];
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        garbage.clone(),
        [preface, garbage].concat(),
    ] {
        let mut stream = UnixStream::connect(echo.plugin.socket().expect("a Unix socket"))
            .expect("a connection");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a time-out");
        stream.write_all(&bytes).expect("bytes can be sent");
        let closed = tokio::task::spawn_blocking(move || {
            // Whatever the response is, the connection is closed after it.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        closed.await.expect("the reader ends");
        assert_eq!(
            echo.say("alive").await.expect("a response"),
            "echoed: alive"
        );
    }
    echo.end().await;
}

#[tokio::test]
async fn silent_connections_are_no_burden() {
    let echo = Echo::launch().await;
    let idle: Vec<_> = (0..50)
        .map(|_| {
            UnixStream::connect(echo.plugin.socket().expect("a Unix socket")).expect("a connection")
        })
        .collect();
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
    drop(idle);
}
