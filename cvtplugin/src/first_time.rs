//! What deserves a warning once: whoever floods a plugin is not to flood its log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether something happens for the first time. Cheap to clone: all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstTime(Arc<AtomicBool>);

impl FirstTime {
    /// Says that it happens; `true` the first time.
    pub(crate) fn happens(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }
}
