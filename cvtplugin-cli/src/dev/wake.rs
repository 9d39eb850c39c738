//! What wakes the worker.

use std::path::PathBuf;

use tokio::sync::oneshot;

/// The build that a plugin is started from, or why there is none.
pub(super) type Outcome = Result<PathBuf, String>;

/// Whoever waits for an outcome.
pub(super) type Waiting = oneshot::Sender<Outcome>;

/// What there is to do.
pub(super) enum Wake {
    /// These files have changed.
    Changed(Vec<PathBuf>),
    /// A shim waits for a build of the sources as they are now.
    Launch(Waiting),
}
