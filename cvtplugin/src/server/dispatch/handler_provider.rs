//! Where a service gets its handler from, call by call.

use std::any::Any;
use std::future::{Future, ready};
use std::ops::Deref;
use std::sync::Arc;

use crate::Result;

/// Provides each call with its handler: always the same, or the plugin's current instance.
pub(crate) trait HandlerProvider: Clone + Send + Sync + 'static {
    /// What handles the calls.
    type Handler;

    /// Waits until there is a handler.
    fn get(&self) -> impl Future<Output = Result<HandlerGuard<Self::Handler>>> + Send;
}

/// Always the same handler.
impl<T: Send + Sync + 'static> HandlerProvider for Arc<T> {
    type Handler = T;

    fn get(&self) -> impl Future<Output = Result<HandlerGuard<T>>> + Send {
        ready(Ok(HandlerGuard {
            handler: self.clone(),
            _owner: None,
        }))
    }
}

/// A handler for the time of one call.
pub(crate) struct HandlerGuard<T> {
    // Dropped in this order.
    handler: Arc<T>,
    /// Lives at least until its last call has ended.
    _owner: Option<Arc<dyn Any + Send + Sync>>,
}

impl<T> HandlerGuard<T> {
    /// A handler that belongs to `owner`.
    pub(crate) fn of(handler: Arc<T>, owner: Arc<dyn Any + Send + Sync>) -> Self {
        Self {
            handler,
            _owner: Some(owner),
        }
    }
}

impl<T> Deref for HandlerGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handler
    }
}
