//! A plugin's process, from its start to its handshake line.

use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::error::LaunchError;
use super::exit::Exit;
use super::logs::{self, LastLines};
use super::options::Options;
use crate::handshake_line::HandshakeLine;
use crate::process::is_own_directory;
use crate::protocol::{MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE, PROTOCOL_VERSION};
use crate::tls::{Connector, Identity};

/// How many bytes of stdout are kept.
const MAX_STDOUT: u64 = 64 * 1024;

/// How long a plugin may take to exit after its response to `Shutdown`, as with go-plugin.
pub(super) const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// A plugin process whose handshake line has been read.
pub(super) struct Process {
    child: Child,
    pub(super) id: u32,
    pub(super) spawned: Instant,
    /// The time from then to its handshake line.
    pub(super) handshake_time: Duration,
    /// What it says in its handshake line.
    pub(super) handshake: HandshakeLine,
    socket: Socket,
    /// Secures connections to it.
    pub(super) connector: Option<Connector>,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<()>,
}

impl Process {
    /// Starts a plugin and waits for its handshake line.
    pub(super) async fn spawn(options: &Options) -> Result<Self, LaunchError> {
        let identity = options.auto_mtls.then(Identity::generate).transpose();
        let identity = identity.map_err(|error| LaunchError::Connect(io::Error::other(error)))?;
        let spawned = Instant::now();
        let mut child = command(options, identity.as_ref())
            .spawn()
            .map_err(|error| LaunchError::Spawn {
                binary: options.binary.clone(),
                error,
            })?;
        let last_lines = LastLines::default();
        let streams = (child.stdout.take(), child.stderr.take());
        let (Some(id), (Some(stdout), Some(stderr))) = (child.id(), streams) else {
            unreachable!("the process has not been waited for, and both streams are piped");
        };
        let stderr = tokio::spawn(logs::follow(
            stderr,
            last_lines.clone(),
            options.on_stderr_line.clone(),
            options.on_log.clone(),
        ));
        let mut stdout = BufReader::new(stdout);
        let line = timeout(options.start_timeout, first_line(&mut stdout)).await;
        let handshake_time = spawned.elapsed();
        let Ok(line) = line else {
            return Err(LaunchError::NoHandshake {
                timeout: options.start_timeout,
                stderr: last_lines.text(),
            });
        };
        if !line.ends_with('\n') {
            return Err(exited(child, line, stderr, &last_lines).await);
        }
        let bad_handshake = |why| LaunchError::BadHandshake {
            line: line.trim_end().to_owned(),
            why,
        };
        let handshake: HandshakeLine = line.parse().map_err(bad_handshake)?;
        let socket = Socket::of(&handshake);
        if handshake.app_version != PROTOCOL_VERSION {
            let version = handshake.app_version;
            return Err(LaunchError::ProtocolVersion { version });
        }
        let connector = connector(identity.as_ref(), &handshake).map_err(bad_handshake)?;
        Ok(Self {
            child,
            id,
            spawned,
            handshake_time,
            connector,
            handshake,
            socket,
            stdout: tokio::spawn(drain(stdout)),
            stderr,
        })
    }

    /// Waits for the process to exit, and kills it after `limit`; then waits for the end of its
    /// streams.
    pub(super) async fn end(mut self, limit: Duration) -> io::Result<Exit> {
        let exited = timeout(limit, self.child.wait()).await;
        let killed = exited.is_err();
        if killed {
            self.child.kill().await?;
        }
        let status = self.child.wait().await?;
        let (mut stdout, mut stderr) = (self.stdout, self.stderr);
        let streams = timeout(EXIT_TIMEOUT, async {
            let stray = (&mut stdout).await.unwrap_or_default();
            let _ = (&mut stderr).await;
            stray
        });
        let ended = streams.await;
        if ended.is_err() {
            stdout.abort();
            stderr.abort();
        }
        Ok(Exit {
            status,
            killed,
            // Checked before `self` is dropped, which removes it.
            socket_left: self.socket.exists(),
            streams_held_open: ended.is_err(),
            stray_stdout: ended.unwrap_or_default(),
            shutdown_timed_out: false,
        })
    }

    /// Kills the process at once.
    pub(super) async fn kill(mut self) -> io::Result<Exit> {
        self.child.start_kill()?;
        self.end(EXIT_TIMEOUT).await
    }
}

/// Removes what a plugin that was killed has left: its socket, and the directory that a cvtplugin
/// makes for it.
struct Socket(Option<PathBuf>);

impl Socket {
    fn of(handshake: &HandshakeLine) -> Self {
        let is_file = handshake.network == "unix";
        Self(is_file.then(|| PathBuf::from(&handshake.address)))
    }

    /// The directory that the plugin made for its socket, if it did.
    fn directory(&self) -> Option<&Path> {
        let parent = self.0.as_deref()?.parent();
        parent.filter(|directory| is_own_directory(directory))
    }

    /// Whether there is anything to tidy up.
    fn exists(&self) -> bool {
        let paths = [self.0.as_deref(), self.directory()];
        // The path itself: what it points to, if it is a link, is not the plugin's.
        let exists = |path: &Path| path.symlink_metadata().is_ok();
        paths.into_iter().flatten().any(exists)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // A plugin that exited by itself has done both.
        if let Some(socket) = self.0.as_deref().filter(|path| is_socket(path)) {
            let _ = std::fs::remove_file(socket);
        }
        if let Some(directory) = self.directory() {
            let _ = std::fs::remove_dir(directory);
        }
    }
}

/// Whether it is a socket: a handshake line may name any path.
fn is_socket(path: &Path) -> bool {
    let metadata = path.symlink_metadata();
    metadata.is_ok_and(|metadata| metadata.file_type().is_socket())
}

/// Secures connections, if both sides agree on that.
fn connector(host: Option<&Identity>, plugin: &HandshakeLine) -> Result<Option<Connector>, String> {
    match (host, plugin.certificate.as_str()) {
        (None, "") => Ok(None),
        (None, _) => Err("it has a certificate, but AutoMTLS was not requested".into()),
        (Some(_), "") => Err("it has no certificate, but AutoMTLS was requested".into()),
        (Some(host), certificate) => Connector::new(host, certificate).map(Some),
    }
}

fn command(options: &Options, identity: Option<&Identity>) -> Command {
    let mut command = Command::new(&options.binary);
    command
        .env(MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE)
        .env("PLUGIN_PROTOCOL_VERSIONS", PROTOCOL_VERSION.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if let Some(identity) = identity {
        command.env("PLUGIN_CLIENT_CERT", identity.to_pem());
    }
    for (name, value) in &options.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// The first line on stdout, its newline included; without one if the process ended before.
async fn first_line(stdout: &mut BufReader<ChildStdout>) -> String {
    let mut line = Vec::new();
    // What cannot be read counts as not written.
    let _ = stdout.take(MAX_STDOUT).read_until(b'\n', &mut line).await;
    String::from_utf8_lossy(&line).into_owned()
}

async fn exited(
    mut child: Child,
    stdout: String,
    stderr: JoinHandle<()>,
    last_lines: &LastLines,
) -> LaunchError {
    match timeout(EXIT_TIMEOUT, child.wait()).await {
        Ok(Ok(status)) => {
            // The rest of its stderr, which a child process may hold open.
            let _ = timeout(EXIT_TIMEOUT, stderr).await;
            LaunchError::Exited {
                status,
                stdout,
                stderr: last_lines.text(),
            }
        }
        _ => LaunchError::BadHandshake {
            line: stdout,
            why: "stdout was closed before the line's end".into(),
        },
    }
}

/// Reads stdout to its end, so that the plugin never blocks on it.
async fn drain(mut stdout: BufReader<ChildStdout>) -> Vec<u8> {
    let mut stray = Vec::new();
    let _ = (&mut stdout).take(MAX_STDOUT).read_to_end(&mut stray).await;
    let _ = tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await;
    stray
}

#[cfg(all(test, feature = "auto-mtls"))]
mod tests {
    use super::*;

    #[test]
    fn auto_mtls_needs_both_sides() {
        let plain: HandshakeLine = "1|1|unix|/x|grpc|".parse().expect("a line");
        let secured = "1|1|unix|/x|grpc|MIIB".parse().expect("a line");
        let host = Identity::generate().expect("a certificate");
        for (host, plugin, why) in [
            (None, &secured, "was not requested"),
            (Some(&host), &plain, "no certificate"),
            (Some(&host), &secured, "invalid certificate"),
        ] {
            let error = connector(host, plugin).err().expect("they do not");
            assert!(error.contains(why), "{error}");
        }
        assert!(connector(None, &plain).expect("they do").is_none());
    }
}
