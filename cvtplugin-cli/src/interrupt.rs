//! The signals that ask this command to end.

use std::pin::Pin;
use std::process::ExitCode;

use cvtplugin::BoxError;
use nix::sys::signal::SigSet;
use tokio::signal::unix::{SignalKind, signal};

/// The exit codes of a program that ended by Ctrl-C and by SIGTERM, as in a shell.
const INTERRUPTED: u8 = 128 + 2;
const TERMINATED: u8 = 128 + 15;

/// Undoes what the parent did to the signals of this process and of its plugins: none is blocked,
/// and the end of children is told.
pub(crate) fn reset() -> Result<(), BoxError> {
    SigSet::empty().thread_set_mask()?;
    // A handler takes the place of "ignored", and children start with the default.
    let _ = signal(SignalKind::child())?;
    Ok(())
}

/// Works until a signal asks to end.
///
/// A signal drops the work, and so kills the plugins: not all end by themselves with their host.
/// Before this the signals just end the process, so what blocks belongs there.
pub(crate) async fn or_done(
    work: Pin<Box<dyn Future<Output = Result<ExitCode, BoxError>> + '_>>,
) -> Result<ExitCode, BoxError> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = work => result,
        _ = interrupt.recv() => Ok(ExitCode::from(INTERRUPTED)),
        _ = terminate.recv() => Ok(ExitCode::from(TERMINATED)),
    }
}
