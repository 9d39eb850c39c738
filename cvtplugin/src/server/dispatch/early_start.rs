//! A plugin that is made when its config is there, instead of by its first call.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tonic::Request;

use super::handlers::Handlers;
use super::handlers::Pending;
use super::hooks::{Hooks, Setting};
use super::instance::InstanceCell;
use crate::server::deadline::Deadline;
use crate::{Health, Result};

/// How long no key has come when the config counts as complete: no host says which is the last.
const QUIET: Duration = Duration::from_millis(100);

/// The hooks of such a plugin.
pub(crate) struct EarlyStart<P: Handlers> {
    cell: InstanceCell<P>,
    /// How many keys have come.
    keys: Arc<AtomicU64>,
}

impl<P: Handlers> EarlyStart<P> {
    pub(crate) fn new(cell: InstanceCell<P>) -> Self {
        let keys = Arc::default();
        Self { cell, keys }
    }

    /// Has the plugin made, unless another key comes before that.
    fn start_soon(&self) {
        let number = self.keys.fetch_add(1, Ordering::Relaxed) + 1;
        let (cell, keys) = (self.cell.clone(), self.keys.clone());
        tokio::spawn(async move {
            tokio::time::sleep(QUIET).await;
            if keys.load(Ordering::Relaxed) == number
                && let Err(error) = cell.get().await
            {
                tracing::debug!("the plugin cannot start yet, the first call tries again: {error}");
            }
        });
    }
}

impl<P: Handlers> Hooks for EarlyStart<P> {
    fn ready(&self) -> Pending<'_, Result<()>> {
        self.cell.ready()
    }

    fn set_config(&self, deadline: Deadline, request: Request<Setting>) -> Pending<'_, Result<()>> {
        Box::pin(async move {
            Hooks::set_config(&self.cell, deadline, request).await?;
            self.start_soon();
            Ok(())
        })
    }

    fn health(&self) -> Pending<'_, Health> {
        self.cell.health()
    }

    fn shutdown(&self) -> Pending<'_, ()> {
        self.cell.shutdown()
    }
}
