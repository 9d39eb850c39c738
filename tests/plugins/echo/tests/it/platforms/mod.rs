//! How connections come in: what a host, or a system, can ask for besides a private unix socket.

#[cfg(feature = "auto-mtls")]
mod auto_mtls;
mod group;
mod tcp;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

/// A process that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().expect("it is ours");
        self.0.wait().expect("it was killed");
    }
}

/// Starts a plugin, and returns the first line on its stdout.
fn start(command: &mut Command) -> (Running, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("echo starts");
    let stdout = child.stdout.take().expect("it is piped");
    let running = Running(child);
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line);
    read.expect("a line");
    (running, line)
}

/// Whether HTTP/2 is spoken to whoever connected so.
fn is_served(mut stream: impl Read + Write) -> bool {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &SETTINGS].concat();
    // One who is refused may find out here, or below.
    let _ = stream.write_all(&preface);
    let mut frame = [0; SETTINGS.len()];
    stream.read_exact(&mut frame).is_ok() && frame[3] == SETTINGS[3]
}
