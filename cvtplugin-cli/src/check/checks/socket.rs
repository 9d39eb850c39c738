//! Where the plugin's socket is, and who can reach it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use crate::check::context::{CheckContext, Run, SOCKET_DIR_VARIABLE};
use crate::check::outcome::{Finding, Outcome};

/// What lets others into a directory, and the group.
const ENTER: u32 = 0o077;

/// What lets others connect to a socket, and the group.
const CONNECT: u32 = 0o022;

/// Only the socket's owner can reach it.
pub(in crate::check) async fn private(run: &Run) -> Outcome {
    let Some(path) = run.socket() else {
        return Err(Finding::skip("it listens on TCP"));
    };
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mode = mode(directory)?;
    if mode & ENTER == 0 {
        return Ok(format!("in a directory of mode {mode:04o}"));
    }
    let socket = self::mode(path)?;
    if socket & CONNECT == 0 {
        return Ok(format!("of mode {socket:04o}"));
    }
    Err(Finding::warn(
        format!(
            "of mode {socket:04o} in {}, a directory of mode {mode:04o}",
            directory.display()
        ),
        "make a directory of mode 0700 for the socket, so that no other user can reach it",
    ))
}

fn mode(path: &Path) -> Result<u32, Finding> {
    let unseen = |error| Finding::skip(format!("{}: {error}", path.display()));
    let metadata = path.symlink_metadata().map_err(unseen)?;
    Ok(metadata.permissions().mode() & 0o7777)
}

/// The socket is where the host wants it.
pub(in crate::check) async fn directory(context: &CheckContext) -> Outcome {
    let directory = TempDir::new();
    let directory =
        directory.map_err(|error| Finding::skip(format!("no such directory: {error}")))?;
    let host = context.host().env(SOCKET_DIR_VARIABLE, directory.path());
    let wanted = context.launch_by(host).await?;
    let socket = wanted.socket();
    let is_there = socket.is_some_and(|path| path.starts_with(directory.path()));
    let address = wanted.address().to_owned();
    context.end(wanted).await;
    if is_there || !address.starts_with('/') {
        return Ok(format!("in the directory of {SOCKET_DIR_VARIABLE}"));
    }
    Err(Finding::warn(
        format!("{address} is not in the directory of {SOCKET_DIR_VARIABLE}"),
        "make the socket in that directory, for hosts that share one with a container",
    ))
}
