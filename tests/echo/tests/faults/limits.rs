//! Too much of anything: others are served meanwhile, and memory stays bounded.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::Code;
use cvtplugin::host::LaunchError;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::task::JoinSet;

use crate::harness::{ECHO, Echo};
use crate::raw::{Connection, FETCH_SCHEMA, GREETING, spec_of};
use crate::tools::{SHELL, descriptors, mebibytes, soon, until};

/// The largest request that a plugin takes.
const LARGEST: usize = 4 * 1024 * 1024;

async fn connect(echo: &Echo) -> Connection {
    let connection = Connection::open(echo.plugin.socket()).await;
    connection.expect("a connection")
}

/// Checks that the host is served as if nothing were wrong.
async fn host_is_served(echo: &Echo) {
    let served = async {
        echo.plugin.ping().await.expect("a pong");
        assert_eq!(echo.say("alive").await.expect("an answer"), "echoed: alive");
    };
    soon("the host to be served", served).await;
}

#[tokio::test]
async fn ten_thousand_calls_at_once_are_answered() {
    const CALLS: usize = 10_000;
    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    for n in 0..CALLS {
        // So many are under way at once that none is answered before the last has begun.
        let id = if n % 2 == 0 {
            "sleep:3000".to_owned()
        } else {
            format!("n{n}")
        };
        let call = connection.start_fetch(&id).await.expect("it is sent");
        let spec = if n % 2 == 0 {
            "slept".to_owned()
        } else {
            format!("echoed: {id}")
        };
        calls.spawn(async move { assert_eq!(spec_of(call).await.expect("an answer"), spec) });
    }
    host_is_served(&echo).await;
    soon("every answer", calls.join_all()).await;
    let used = mebibytes(echo.plugin.process_id(), "VmHWM");
    assert!(used < 256, "{used} MiB");
    echo.end().await;
}

#[tokio::test]
async fn a_thousand_connections_are_served() {
    const CONNECTIONS: usize = 1000;
    raise_own_limit();
    let echo = Echo::launch().await;
    let before = descriptors(echo.plugin.process_id());
    let mut connections = Vec::new();
    for n in 0..CONNECTIONS {
        let connection = connect(&echo).await;
        let spec = soon("an answer", connection.fetch(&format!("n{n}"))).await;
        assert_eq!(spec.expect("an answer"), format!("echoed: n{n}"));
        connections.push(connection);
    }
    host_is_served(&echo).await;
    drop(connections);
    let closed = || descriptors(echo.plugin.process_id()) <= before;
    until("the descriptors to be given back", closed).await;
    host_is_served(&echo).await;
    echo.end().await;
}

/// Lets this process, with all its tests, hold as many connections as it may.
fn raise_own_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).expect("up to the maximum it is allowed");
}

#[tokio::test]
async fn without_descriptors_it_serves_the_connections_it_has() {
    let few =
        |host: cvtplugin::host::Host| host.env("LAUNCH", format!("ulimit -n 40; exec '{ECHO}'"));
    let echo = Echo::launch_binary(SHELL, few).await;
    let mut idle = Vec::new();
    for _ in 0..60 {
        // Beyond the limit they wait to be accepted.
        idle.push(UnixStream::connect(echo.plugin.socket()).expect("a connection"));
        host_is_served(&echo).await;
    }
    {
        let late = async { connect(&echo).await.fetch("late").await };
        tokio::pin!(late);
        tokio::select! {
            biased;
            _ = &mut late => panic!("there was a descriptor left"),
            () = host_is_served(&echo) => {}
        }
        drop(idle);
        let late = soon("the one that had to wait", late).await;
        assert_eq!(late.expect("an answer"), "echoed: late");
    }
    echo.end().await;
}

#[tokio::test]
async fn oversize_requests_are_refused_each_and_every_one() {
    // Beyond what HTTP/2 forgives a client in all by default.
    const REQUESTS: usize = 3000;
    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    for n in 0..REQUESTS {
        calls.spawn(send_too_much(connection.clone()));
        if n >= 100 {
            let refused = soon("an answer", calls.join_next()).await;
            refused.expect("one is under way").expect("it is refused");
        }
    }
    host_is_served(&echo).await;
    soon("every answer", calls.join_all()).await;
    let spec = connection.fetch("alive").await;
    assert_eq!(spec.expect("an answer"), "echoed: alive");
    echo.end().await;
}

/// Announces a request that is too long by a byte, and begins to send it.
async fn send_too_much(connection: Arc<Connection>) {
    let begun = connection.begin(FETCH_SCHEMA, &[]).await;
    let (response, mut body) = begun.expect("it begins");
    let length = u32::try_from(LARGEST + 1).expect("it fits").to_be_bytes();
    let request = [&[0], &length[..], &vec![b'x'; LARGEST + 1]].concat();
    body.send_data(request.into(), true).expect("it is sent");
    let error = spec_of(response).await.expect_err("too large");
    assert_eq!(error.code(), Code::ResourceExhausted, "{error:?}");
    assert!(error.message().contains("4194304"), "{error}");
}

#[tokio::test]
async fn slow_senders_hold_up_nobody() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let mut slow = Vec::new();
    for _ in 0..500 {
        let (response, mut body) = connection
            .begin(FETCH_SCHEMA, &[])
            .await
            .expect("it begins");
        body.send_data(Bytes::from_static(&[0]), false)
            .expect("it is sent");
        slow.push((response, body));
    }
    host_is_served(&echo).await;
    // On the same connection too.
    let spec = soon("an answer", connection.fetch("alive")).await;
    assert_eq!(spec.expect("an answer"), "echoed: alive");
    // Nor the end.
    echo.end().await;
}

#[tokio::test]
async fn a_slow_sender_has_until_its_deadline() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let begun = connection
        .begin(FETCH_SCHEMA, &[("grpc-timeout", "50m")])
        .await;
    let (response, _body) = begun.expect("it begins");
    let error = soon("an answer", spec_of(response))
        .await
        .expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    echo.end().await;
}

#[tokio::test]
async fn rapid_resets_cost_their_own_connection_at_most() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    for _ in 0..5 {
        let connection = connect(&echo).await;
        for _ in 0..2_000 {
            match connection.start_fetch("sleep:60000").await {
                Ok(cancelled) => drop(cancelled),
                // It was closed: that is fine, too.
                Err(_) => break,
            }
            tokio::task::yield_now().await;
        }
        host_is_served(&echo).await;
    }
    let used = mebibytes(process_id, "VmRSS");
    assert!(used < 64, "{used} MiB");
    // Cancelled calls that went on would hold up the end, and be reported.
    echo.end().await;
}

#[tokio::test]
async fn huge_headers_are_refused() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let huge = "x".repeat(100 * 1024);
    let begun = connection.begin(FETCH_SCHEMA, &[("x-huge", &huge)]).await;
    // No service sees it: how it is refused is the business of HTTP.
    let refused = soon("an answer", begun.expect("it begins").0).await;
    let status = refused.expect("an answer").status();
    assert_eq!(status, http::StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let spec = connection.fetch("alive").await;
    assert_eq!(spec.expect("an answer"), "echoed: alive");

    let gigantic = "x".repeat(10 * 1024 * 1024);
    let begun = connection
        .begin(FETCH_SCHEMA, &[("x-huge", &gigantic)])
        .await;
    drop(begun);
    soon("the connection to be closed", connection.closed()).await;
    host_is_served(&echo).await;
    echo.end().await;
}

/// Frames that no client sends, after a proper greeting: on each the connection is closed.
#[tokio::test]
async fn malformed_frames_under_load_break_their_own_connection_alone() {
    let endless_headers = [
        &[0, 0, 0, 1, 0, 0, 0, 0, 1][..],
        &[0, 0, 0, 9, 0, 0, 0, 0, 1].repeat(10_000),
    ]
    .concat();
    let frames: [(&str, Vec<u8>); 7] = [
        (
            "a frame larger than allowed",
            vec![0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1],
        ),
        ("data for no stream", vec![0, 0, 1, 0, 0, 0, 0, 0, 1, b'x']),
        (
            "headers for stream 0",
            vec![0, 0, 1, 1, 4, 0, 0, 0, 0, 0x82],
        ),
        (
            "headers that cannot be decoded",
            vec![0, 0, 2, 1, 4, 0, 0, 0, 1, 0xff, 0xff],
        ),
        (
            "settings of an odd length",
            vec![0, 0, 1, 4, 0, 0, 0, 0, 0, 0],
        ),
        (
            "a window beyond its limit",
            vec![0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff],
        ),
        ("headers without end", endless_headers),
    ];
    let echo = Echo::launch().await;
    for (what, frames) in frames {
        let mut stream = UnixStream::connect(echo.plugin.socket()).expect("a connection");
        let sent = [GREETING, &frames].concat();
        let reader = tokio::task::spawn_blocking(move || {
            // It may be closed before everything is written.
            let _ = stream.write_all(&sent);
            std::io::copy(&mut stream, &mut std::io::sink())
        });
        let closed = async {
            let (closed, ()) = tokio::join!(reader, host_is_served(&echo));
            drop(closed.expect("the reader ends"));
        };
        soon(what, closed).await;
    }
    echo.end().await;
}

#[tokio::test]
async fn a_thousand_expired_calls_are_a_thousand_times_deadline_exceeded() {
    use crate::raw::FETCH_SCHEMA;
    use cvtplugin::prelude::{FetchSchemaRequest, FetchSchemaResponse};

    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    for n in 0..1000 {
        let connection = connection.clone();
        calls.spawn(async move {
            let request = FetchSchemaRequest::new("sleep:60000");
            let timeout = Duration::from_micros(n * 50);
            let call =
                connection.call_within::<FetchSchemaResponse>(FETCH_SCHEMA, timeout, &request);
            call.await.expect_err("too slow").code()
        });
    }
    let codes = soon("every answer", calls.join_all()).await;
    let expired = codes.iter().filter(|code| **code == Code::DeadlineExceeded);
    assert_eq!(expired.count(), 1000, "{codes:?}");
    echo.end().await;
}

/// The plugin runs as nobody, so that this process is another user for it, who may go anywhere.
#[tokio::test]
#[ignore = "needs root, to be somebody else: .ci/faults"]
async fn another_user_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), open).expect("it is ours");
    let plugin = folder.path().join("cvt-plugin-echo");
    std::fs::copy(ECHO, &plugin).expect("a copy that everybody can run");
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let (log, mut logs) = tokio::sync::mpsc::unbounded_channel();
    let host = cvtplugin::host::Host::new(SHELL)
        .env("LAUNCH", format!("exec {nobody} '{}'", plugin.display()))
        .env("TMPDIR", folder.path())
        .on_log(move |record| drop(log.send(record)));
    let error = host.launch().await.expect_err("a stranger is not served");
    assert!(
        matches!(error, LaunchError::Connect(_) | LaunchError::Ping(_)),
        "{error}"
    );
    let record = soon("the record", logs.recv()).await.expect("a record");
    assert!(
        record.message.contains("another user"),
        "{}",
        record.message
    );
}
