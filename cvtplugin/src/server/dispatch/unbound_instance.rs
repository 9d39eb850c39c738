//! The plugin's instance before the server runs.

use std::sync::OnceLock;

use super::dispatcher::Dispatcher;
use super::handlers::Handlers;
#[cfg(feature = "testing")]
use super::instance::Instance;
use super::instance::{Constructor, InstanceCell};

/// A plugin that has yet to be given its dispatcher.
pub(crate) struct UnboundInstance<P: Handlers> {
    construct: Constructor<P>,
    cell: OnceLock<InstanceCell<P>>,
}

impl<P: Handlers> UnboundInstance<P> {
    /// For a plugin whose instances are made by `construct`.
    pub(crate) fn new(construct: Constructor<P>) -> Self {
        Self {
            construct,
            cell: OnceLock::new(),
        }
    }

    /// The instance, if it is bound and there is one.
    #[cfg(feature = "testing")]
    pub(crate) fn existing(&self) -> Option<std::sync::Arc<Instance<P>>> {
        self.cell.get()?.existing()
    }

    /// The cell of the instance, the same each time.
    pub(crate) fn bind(&self, dispatcher: &Dispatcher) -> InstanceCell<P> {
        let new = || InstanceCell::new(dispatcher.clone(), self.construct.clone());
        self.cell.get_or_init(new).clone()
    }
}
