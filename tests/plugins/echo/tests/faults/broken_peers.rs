//! Peers that begin requests and never end them: others are served, and memory stays
//! bounded.

use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;

use cvtplugin_testkit::http2::{FETCH_SCHEMA, GREETING};
use cvtplugin_testkit::process::mebibytes;
use cvtplugin_testkit::wait::until;

use crate::harness::Echo;
use crate::tools::host_is_served;

const HEALTH: &str = "/grpc.health.v1.Health/Check";

/// HTTP/2's usual largest frame.
const MAX_FRAME: usize = 16 * 1024;

/// A connection that only sends.
struct Sender {
    stream: UnixStream,
    next_id: u32,
}

impl Sender {
    fn connect(socket: &Path) -> io::Result<Self> {
        let mut stream = UnixStream::connect(socket)?;
        let mut incoming = stream.try_clone()?;
        // Whatever comes back is of no interest, but must not hold up the other side.
        thread::spawn(move || io::copy(&mut incoming, &mut io::sink()));
        stream.write_all(GREETING)?;
        Ok(Self { stream, next_id: 1 })
    }

    /// Begins a request whose message never comes.
    fn begin(&mut self, headers: &[u8]) -> io::Result<()> {
        const HEADERS: u8 = 1;
        const CONTINUATION: u8 = 9;
        const END_HEADERS: u8 = 4;
        let id = self.next_id.to_be_bytes();
        self.next_id += 2;
        let mut frames = Vec::with_capacity(headers.len() + 64);
        let count = headers.len().div_ceil(MAX_FRAME);
        for (n, piece) in headers.chunks(MAX_FRAME).enumerate() {
            let kind = if n == 0 { HEADERS } else { CONTINUATION };
            let flags = if n + 1 == count { END_HEADERS } else { 0 };
            let length = u32::try_from(piece.len()).expect("a frame's length");
            frames.extend_from_slice(&length.to_be_bytes()[1..]);
            frames.extend_from_slice(&[kind, flags]);
            frames.extend_from_slice(&id);
            frames.extend_from_slice(piece);
        }
        self.stream.write_all(&frames)
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        // The thread that reads has it open, too. It fails where the other side was first.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// The headers of a call, each written out: no connection needs to remember any.
fn headers(path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let call = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "unused"),
        (":path", path),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    let mut block = Vec::new();
    for (name, value) in call.iter().chain(more) {
        block.push(0);
        string(name, &mut block);
        string(value, &mut block);
    }
    block
}

/// Writes a string as HPACK does.
fn string(text: &str, block: &mut Vec<u8>) {
    const PREFIX: usize = 127;
    match text.len() {
        length if length < PREFIX => block.push(length.to_le_bytes()[0]),
        mut length => {
            block.push(127);
            length -= PREFIX;
            while length >= 128 {
                block.push(length.to_le_bytes()[0] | 128);
                length >>= 7;
            }
            block.push(length.to_le_bytes()[0]);
        }
    }
    block.extend_from_slice(text.as_bytes());
}

/// Begins so many requests, over as many connections as it takes; returns those that are open.
fn begin(socket: &Path, headers: &[u8], count: usize) -> Vec<Sender> {
    let mut senders = Vec::new();
    let mut sender = Sender::connect(socket).expect("a connection");
    for _ in 0..count {
        while sender.begin(headers).is_err() {
            // It was closed: the next one.
            senders.push(sender);
            sender = Sender::connect(socket).expect("a connection");
        }
    }
    senders.push(sender);
    senders
}

fn socket(echo: &Echo) -> PathBuf {
    echo.plugin.socket().expect("a Unix socket").to_owned()
}

async fn stay_within_memory(headers: Vec<u8>, requests: usize) {
    let echo = Echo::launch().await;
    let at = socket(&echo);
    let begun = tokio::task::spawn_blocking(move || begin(&at, &headers, requests));
    while !begun.is_finished() {
        host_is_served(&echo).await;
    }
    let begun = begun.await.expect("they begin");
    host_is_served(&echo).await;
    let used = mebibytes(echo.plugin.process_id(), "VmHWM");
    assert!(used < 200, "{used} MiB");
    drop(begun);
    // musl's allocator keeps what many small pieces took.
    if cfg!(target_env = "gnu") {
        let process = echo.plugin.process_id();
        let is_given_back = || mebibytes(process, "VmRSS") < 64;
        until("the memory to go back to the system", is_given_back).await;
    } else {
        println!("not awaited: memory goes back to the system with glibc alone");
    }
    echo.end().await;
}

fn one_large_header(path: &str) -> Vec<u8> {
    headers(path, &[("x-large", &"x".repeat(60_000))])
}

fn many_headers() -> Vec<u8> {
    let names: Vec<_> = (0..1_000).map(|n| format!("x-{n}")).collect();
    let many: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), "a value"))
        .collect();
    headers(FETCH_SCHEMA, &many)
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn begun_requests_with_a_large_header_stay_within_memory() {
    stay_within_memory(one_large_header(FETCH_SCHEMA), 4_000).await;
}

#[tokio::test]
async fn begun_requests_with_many_headers_stay_within_memory() {
    stay_within_memory(many_headers(), 500).await;
}

#[tokio::test]
#[ignore = "takes minutes: .ci/long runs it"]
async fn begun_requests_of_all_kinds_stay_within_memory_16000_times() {
    let unknown = one_large_header("/nobody.knows/This");
    for headers in [one_large_header(FETCH_SCHEMA), unknown, many_headers()] {
        stay_within_memory(headers, 16_000).await;
    }
}

#[tokio::test]
async fn begun_health_checks_do_not_fail_the_hosts_own() {
    const CHECKS: usize = 17_000;
    let echo = Echo::launch().await;
    let begun = begin(&socket(&echo), &headers(HEALTH, &[]), CHECKS);
    for _ in 0..10 {
        host_is_served(&echo).await;
    }
    drop(begun);
    echo.end().await;
}
