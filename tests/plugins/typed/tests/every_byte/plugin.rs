//! A plugin of which every byte is kept.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::SHUTDOWN;
use cvtplugin_testkit::wait::soon;
use prost::Message;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::socket::Socket;

pub(crate) struct Plugin {
    process: Child,
    /// What came out of the real stdout and stderr.
    pipes: [JoinHandle<Vec<u8>>; 2],
    directory: TempDir,
    socket: Socket,
}

impl Plugin {
    /// Launches the plugin as CVT does, with a log of everything, in a file too.
    pub(crate) async fn launch() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut process = Command::new(env!("CARGO_BIN_EXE_cvt-plugin-typed"))
            .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
            .env("PLUGIN_PROTOCOL_VERSIONS", "1")
            .env(
                "CVT_PLUGIN_LOG",
                "trace,h2=trace,hyper=trace,tonic=trace,tower=trace",
            )
            .env("CVT_PLUGIN_LOG_FILE", log_file(&directory))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (line, first_line) = oneshot::channel();
        let stdout = process.stdout.take().expect("a pipe");
        let stderr = process.stderr.take().expect("a pipe");
        let pipes = [
            thread::spawn(move || read_all(stdout, Some(line))),
            thread::spawn(move || read_all(stderr, None)),
        ];
        let line = soon("the handshake line", first_line)
            .await
            .expect("a handshake line");
        let address = line.split('|').nth(3).expect("an address");
        let socket = soon("a connection", Socket::open(Path::new(address))).await;
        Self {
            process,
            pipes,
            directory,
            socket,
        }
    }

    /// Makes one call, and says how it went.
    pub(crate) async fn call(&mut self, path: &str, request: &impl Message) -> Result<(), Code> {
        soon("a response", self.socket.call(path, request)).await
    }

    /// Ends the plugin, and returns all that it has ever written.
    pub(crate) async fn end(mut self) -> Vec<u8> {
        let response = self.call(SHUTDOWN, &()).await;
        assert_eq!(response, Ok(()));
        let mut captured = soon("the connection's end", self.socket.close()).await;
        let ended = tokio::task::spawn_blocking(move || {
            assert!(self.process.wait().expect("it ends").success());
            self.pipes.map(|pipe| pipe.join().expect("it was read"))
        });
        captured.extend(
            soon("the plugin's end", ended)
                .await
                .expect("no panic")
                .concat(),
        );
        captured.extend(std::fs::read(log_file(&self.directory)).expect("a log file"));
        captured
    }
}

fn log_file(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("plugin.log")
}

/// Reads until the end, and tells of the first line at once.
fn read_all(pipe: impl Read, told: Option<oneshot::Sender<String>>) -> Vec<u8> {
    let mut pipe = BufReader::new(pipe);
    let mut all = Vec::new();
    pipe.read_until(b'\n', &mut all).expect("a line");
    if let Some(told) = told {
        let _ = told.send(String::from_utf8_lossy(&all).into_owned());
    }
    pipe.read_to_end(&mut all).expect("the rest");
    all
}
