//! Plain fns, which may block their thread.

use std::sync::Arc;

use tokio_util::task::AbortOnDropHandle;

use crate::server::owns_thread;

/// Runs a plain `fn` of the plugin's on the blocking pool.
pub async fn blocking<P, T>(plugin: &Arc<P>, handler: impl FnOnce(&P) -> T + Send + 'static) -> T
where
    P: Send + Sync + 'static,
    T: Send + 'static,
{
    let plugin = Arc::clone(plugin);
    blocking_new(move || handler(&plugin)).await
}

/// Runs a constructor that is a plain `fn` on the blocking pool, in the span of its caller. Its
/// panic goes on in the caller.
pub async fn blocking_new<T: Send + 'static>(new: impl FnOnce() -> T + Send + 'static) -> T {
    if owns_thread() {
        return new();
    }
    let span = tracing::Span::current();
    let task = tokio::task::spawn_blocking(move || span.in_scope(new));
    // One that has not begun when its call is given up never does.
    match AbortOnDropHandle::new(task).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(payload) => std::panic::resume_unwind(payload),
            // The pool refuses work only when the runtime has ended: nobody waits any more.
            Err(_) => std::future::pending().await,
        },
    }
}
