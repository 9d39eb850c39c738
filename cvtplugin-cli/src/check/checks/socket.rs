//! Where the plugin's socket is, and who can reach it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use crate::check::lab::{Lab, Run};
use crate::check::outcome::{Complaint, Outcome};

/// Where a host wants the socket.
pub(in crate::check) const FOLDER_VARIABLE: &str = "PLUGIN_UNIX_SOCKET_DIR";

/// What lets others into a folder, and the group.
const ENTER: u32 = 0o077;

/// What lets others connect to a socket, and the group.
const CONNECT: u32 = 0o022;

/// Only the socket's owner can reach it.
pub(in crate::check) async fn private(run: &Run) -> Outcome {
    let Some(path) = run.socket() else {
        return Err(Complaint::skipped("it listens on TCP"));
    };
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mode = mode(folder)?;
    if mode & ENTER == 0 {
        return Ok(format!("in a folder of mode {mode:04o}"));
    }
    let socket = self::mode(path)?;
    if socket & CONNECT == 0 {
        return Ok(format!("of mode {socket:04o}"));
    }
    Err(Complaint::lacks(
        format!(
            "of mode {socket:04o} in {}, a folder of mode {mode:04o}",
            folder.display()
        ),
        "make a folder of mode 0700 for the socket, so that no other user can reach it",
    ))
}

fn mode(path: &Path) -> Result<u32, Complaint> {
    let unseen = |error| Complaint::skipped(format!("{}: {error}", path.display()));
    let metadata = path.symlink_metadata().map_err(unseen)?;
    Ok(metadata.permissions().mode() & 0o7777)
}

/// The socket is where the host wants it.
pub(in crate::check) async fn folder(lab: &Lab) -> Outcome {
    let folder = TempDir::new();
    let folder = folder.map_err(|error| Complaint::skipped(format!("no such folder: {error}")))?;
    let host = lab.host().env(FOLDER_VARIABLE, folder.path());
    let wanted = lab.launch_by(host).await?;
    let is_there = wanted
        .socket()
        .is_some_and(|path| path.starts_with(folder.path()));
    let address = wanted.address().to_owned();
    lab.end(wanted).await;
    if is_there || !address.starts_with('/') {
        return Ok(format!("as {FOLDER_VARIABLE} says"));
    }
    Err(Complaint::lacks(
        format!("{address} is not in the folder that {FOLDER_VARIABLE} says"),
        "make the socket in that folder, for hosts that share one with a container",
    ))
}
