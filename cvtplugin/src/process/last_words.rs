//! What a process prints right before it aborts, such as "thread .. has overflowed its stack".
//!
//! It goes into a pipe that the process itself reads, so it would be lost with the process.

use std::os::raw::c_int;
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, raise, sigaction};

/// How long the other threads have to pass it on.
const TIME: Duration = Duration::from_millis(50);

/// Has aborts wait until what was printed before has reached the host. A handler that the author
/// installs later takes the place of this.
pub(crate) fn pass_on_last_words() {
    let handler = SigHandler::Handler(wait_and_abort);
    // A stack that has overflowed has no room for a handler.
    let flags = SaFlags::SA_ONSTACK | SaFlags::SA_RESETHAND;
    let action = SigAction::new(handler, flags, SigSet::empty());
    // SAFETY: all that the handler does is sleep and raise a signal, which may be done in one.
    #[expect(
        unsafe_code,
        reason = "the crates that wrap it have no handler that waits"
    )]
    let installed = unsafe { sigaction(Signal::SIGABRT, &action) };
    if let Err(error) = installed {
        tracing::debug!(%error, "what is printed before an abort may be lost");
    }
}

extern "C" fn wait_and_abort(_: c_int) {
    std::thread::sleep(TIME);
    // The handler is gone, and the signal waits for its end.
    let _ = raise(Signal::SIGABRT);
}
