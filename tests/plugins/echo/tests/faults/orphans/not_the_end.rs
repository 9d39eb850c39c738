//! What does not mean the host's death.
//!
//! That something does not happen, another plugin tells: one that has to end, and whose end takes
//! as many looks at its host.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cvtplugin_testkit::http2::Connection;

use crate::harness::ECHO;

/// A plugin of this process, which has read its handshake line and no more.
pub(crate) struct Plugin {
    child: Child,
    socket: PathBuf,
}

impl Plugin {
    /// Starts one whose stderr is that.
    fn start(stderr: impl Into<Stdio>) -> Self {
        let mut child = Command::new(ECHO)
            .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("echo starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("a line");
        // From here on nobody reads stdout, nor stderr if it is a pipe.
        drop(child.stderr.take());
        let socket = line.split('|').nth(3).expect("an address").into();
        Self { child, socket }
    }

    /// Starts one whose pipes nobody reads, and to which nobody is connected any more.
    pub(crate) async fn left_alone() -> Self {
        let plugin = Self::start(Stdio::piped());
        drop(served(&plugin.socket).await);
        plugin
    }

    /// Waits for the end, which is as it should be: the host's death does not fail it.
    pub(crate) async fn ended(mut self) {
        let status = tokio::task::spawn_blocking(move || self.child.wait());
        let status = status.await.expect("no panic").expect("it is ours");
        assert!(status.success(), "{status:?}");
        assert!(!self.socket.exists(), "the socket is left");
    }
}

/// A plugin that ends when as many looks have found nobody connected as the others have had.
async fn lonely() {
    Plugin::left_alone().await.ended().await;
}

async fn served(socket: &Path) -> Connection {
    let connection = Connection::open(socket).await.expect("a connection");
    let spec = connection.fetch("alive").await.expect("a response");
    assert_eq!(spec, "echoed: alive");
    connection
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn pipes_closed_by_a_host_that_keeps_its_connection() {
    let plugin = Plugin::start(Stdio::piped());
    let connection = served(&plugin.socket).await;
    lonely().await;
    connection.fetch("alive").await.expect("it lives");
    // Somebody else may come, too.
    drop(served(&plugin.socket).await);
    drop(connection);
    plugin.ended().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn streams_that_are_not_both_pipes() {
    let file = File::options().write(true).open("/dev/null");
    let mut plugin = Plugin::start(file.expect("a file"));
    drop(served(&plugin.socket).await);
    lonely().await;
    drop(served(&plugin.socket).await);
    plugin.child.kill().expect("it is ours");
    plugin.child.wait().expect("it was killed");
}
