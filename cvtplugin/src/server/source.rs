//! Where a service gets the author's code from, call by call.

use std::any::Any;
use std::future::{Future, ready};
use std::ops::Deref;
use std::sync::Arc;

use super::calls::Calls;
use crate::Result;

/// Gives each call what handles it: always the same, or the plugin's current instance.
pub(crate) trait Source: Send + Sync + 'static {
    /// What handles the calls.
    type Handler;

    /// Waits until there is a handler.
    fn get(&self, calls: &Calls) -> impl Future<Output = Result<Lease<Self::Handler>>> + Send;
}

/// Always the same handler.
impl<T: Send + Sync + 'static> Source for Arc<T> {
    type Handler = T;

    fn get(&self, _: &Calls) -> impl Future<Output = Result<Lease<T>>> + Send {
        ready(Ok(Lease {
            handler: self.clone(),
            _owner: None,
        }))
    }
}

/// A handler for the time of one call.
pub(crate) struct Lease<T> {
    // Dropped in this order.
    handler: Arc<T>,
    /// Does not end before its last call has.
    _owner: Option<Arc<dyn Any + Send + Sync>>,
}

impl<T> Lease<T> {
    /// A handler that belongs to `owner`.
    pub(crate) fn of(handler: Arc<T>, owner: Arc<dyn Any + Send + Sync>) -> Self {
        Self {
            handler,
            _owner: Some(owner),
        }
    }
}

impl<T> Deref for Lease<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handler
    }
}
