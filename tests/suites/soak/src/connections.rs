//! Connections as no host makes them.

use std::path::Path;

use bytes::Bytes;
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::GREETING;
use cvtplugin_testkit::wait::TIMEOUT;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Sends a malformed frame, and waits until the plugin closes the connection.
pub(crate) async fn bad(socket: &Path) -> Result<Bytes> {
    let mut stream = greet(socket).await?;
    // It may be closed before everything is written.
    let _ = stream.write_all(&[0xff; 64]).await;
    let mut rest = Vec::new();
    let closed = timeout(TIMEOUT, stream.read_to_end(&mut rest)).await;
    match closed {
        Ok(_) => Ok("closed".into()),
        Err(_) => Err(Error::deadline_exceeded("it is not closed")),
    }
}

/// Breaks off in the middle of a frame.
pub(crate) async fn broken(socket: &Path) -> Result<Bytes> {
    let mut stream = greet(socket).await?;
    let half = [0, 0, 9, 4, 0];
    stream.write_all(&half).await.unavailable("sending")?;
    Ok("closed".into())
}

async fn greet(socket: &Path) -> Result<UnixStream> {
    let mut stream = UnixStream::connect(socket).await.unavailable("connect")?;
    stream.write_all(GREETING).await.unavailable("sending")?;
    Ok(stream)
}
