//! What a shim and `dev` say to each other.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, PipeReader};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::PathBuf;

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::UnixStream;

/// What a shim hands over with its request for a build.
pub(super) struct Launch {
    /// What the plugin will write to its stderr.
    pub(super) log: File,
    /// Where the host reads it.
    pub(super) host: File,
}

/// What a shim is told: what to run, or what to tell the host.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    Run(PathBuf),
    Fail(String),
}

/// Asks for a build.
///
/// # Errors
///
/// Returns an error if the connection breaks.
pub(super) async fn ask(stream: &UnixStream, log: &PipeReader, host: &OwnedFd) -> io::Result<()> {
    stream
        .async_io(Interest::WRITABLE, || {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            let files = [log.as_fd(), host.as_fd()];
            control.push(SendAncillaryMessage::ScmRights(&files));
            let data = [IoSlice::new(b"?")];
            sendmsg(stream, &data, &mut control, SendFlags::empty())?;
            Ok(())
        })
        .await
}

/// Waits for the request of a shim.
///
/// # Errors
///
/// Returns an error if the connection breaks, or the request is not a shim's.
pub(super) async fn asked(stream: &UnixStream) -> io::Result<Launch> {
    stream
        .async_io(Interest::READABLE, || {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let mut data = [0];
            let mut into = [IoSliceMut::new(&mut data)];
            recvmsg(stream, &mut into, &mut control, RecvFlags::empty())?;
            let rights = control.drain().filter_map(|message| match message {
                RecvAncillaryMessage::ScmRights(files) => Some(files),
                _ => None,
            });
            let files: Vec<OwnedFd> = rights.flatten().collect();
            for file in &files {
                // Cargo is not to inherit them.
                fcntl_setfd(file, FdFlags::CLOEXEC)?;
            }
            let files: Result<[OwnedFd; 2], _> = files.try_into();
            let [log, host] = files.map_err(|_| io::ErrorKind::InvalidData)?;
            Ok(Launch {
                log: log.into(),
                host: host.into(),
            })
        })
        .await
}

/// Waits until the shim has ended: it sends nothing after its request.
pub(super) async fn closed(stream: &UnixStream) {
    while stream.readable().await.is_ok() {
        match stream.try_read(&mut [0]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            _ => break,
        }
    }
}

/// Tells a shim what to do, and ends the connection.
///
/// # Errors
///
/// Returns an error if the shim has gone.
pub(super) async fn reply(mut stream: UnixStream, reply: &Reply) -> io::Result<()> {
    stream.write_all(&serde_json::to_vec(reply)?).await?;
    stream.shutdown().await
}

/// Waits for what to do.
///
/// # Errors
///
/// Returns an error if the connection breaks before that.
pub(super) async fn replied(mut stream: UnixStream) -> io::Result<Reply> {
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await?;
    Ok(serde_json::from_slice(&reply)?)
}

/// Checks that the other end belongs to this user.
///
/// # Errors
///
/// Returns an error if it does not.
pub(super) fn check_peer(stream: &UnixStream) -> io::Result<Option<i32>> {
    let peer = stream.peer_cred()?;
    if peer.uid() == rustix::process::geteuid().as_raw() {
        Ok(peer.pid())
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}
