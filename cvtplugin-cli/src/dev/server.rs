//! Serves the shims: each gets a plugin of its own.

use std::io;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::log;
use super::wake::Wake;
use super::wire::{self, Reply};
use crate::terminal::note;

/// What attaches to a process.
const DEBUGGER: &str = if cfg!(target_os = "macos") {
    "rust-lldb"
} else {
    "rust-gdb"
};

/// Serves shims until that fails, and returns why.
pub(super) async fn serve(
    listener: UnixListener,
    plugin: String,
    wakes: UnboundedSender<Wake>,
) -> io::Error {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => return error,
        };
        let (plugin, wakes) = (plugin.clone(), wakes.clone());
        tokio::spawn(async move {
            if let Err(error) = launch(stream, &plugin, wakes).await {
                note(format_args!("a launch by `cvt` failed: {error}"));
            }
        });
    }
}

async fn launch(stream: UnixStream, plugin: &str, wakes: UnboundedSender<Wake>) -> io::Result<()> {
    let pid = wire::check_peer(&stream)?;
    let launch = wire::asked(&stream).await?;
    let (waiting, outcome) = oneshot::channel();
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    wakes.send(Wake::Launch(waiting)).map_err(|_| gone())?;
    // The host reads its stderr until everybody has closed it: so `launch` is not to be held for a
    // shim that has given up.
    let outcome = tokio::select! {
        outcome = outcome => outcome.map_err(|_| gone())?,
        () = wire::closed(&stream) => return Ok(()),
    };
    let reply = match outcome {
        Ok(build) => Reply::Run(build),
        Err(why) => Reply::Fail(why),
    };
    wire::reply(stream, &reply).await?;
    if let Reply::Run(_) = reply {
        let pid = pid.map(|pid| pid.to_string()).unwrap_or_default();
        note(format_args!(
            "`cvt` runs {plugin} as process {pid}; to debug it: {DEBUGGER} -p {pid}"
        ));
        log::follow(launch, pid);
    }
    Ok(())
}
