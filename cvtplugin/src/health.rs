//! Whether a plugin is ready for calls.

/// Whether a plugin is ready for calls: what its `health` returns.
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use cvtplugin::prelude::*;
///
/// #[derive(Default)]
/// struct Bell {
///     is_stuck: AtomicBool,
/// }
///
/// #[cvt_plugin(name = "bell", version = "0.1.0")]
/// impl Bell {
///     async fn health(&self) -> Health {
///         match self.is_stuck.load(Ordering::Relaxed) {
///             true => Health::NotServing,
///             false => Health::Serving,
///         }
///     }
///
///     async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
///         self.is_stuck.store(true, Ordering::Relaxed);
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Health {
    /// Ready for calls.
    #[default]
    Serving,
    /// Not ready, for example because its backend cannot be reached. CVT may restart the plugin.
    NotServing,
}
