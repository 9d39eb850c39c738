//! What the author of a test wants of each thread.

use std::any::Any;
use std::sync::Arc;

/// What runs on each thread that polls handlers or the author's tasks, as long as it lives.
#[derive(Clone, Default)]
pub(crate) struct ThreadHook(Option<Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>>);

impl ThreadHook {
    /// Runs `enter` when a thread begins, and drops what it returns when the thread ends.
    #[cfg(feature = "testing")]
    pub(crate) fn new<T: 'static>(enter: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(move || Box::new(enter()))))
    }

    pub(super) fn enter(&self) -> Option<Box<dyn Any>> {
        self.0.as_ref().map(|enter| enter())
    }
}
