//! The function given as `layers`.

use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

use crate::logging::MakeLayers;

/// Takes the function for later.
pub fn layers<F: MakesLayer>(make: F) -> Option<MakeLayers> {
    Some(make.later())
}

#[diagnostic::on_unimplemented(
    message = "`layers` takes a function that makes a layer, not `{Self}`",
    label = "expected a function like `fn telemetry() -> impl Layer<Registry> + Send + Sync`",
    note = "`Layer` and `Registry` are those of `tracing_subscriber`, in the version that cvtplugin uses"
)]
pub trait MakesLayer {
    fn later(self) -> MakeLayers;
}

#[diagnostic::do_not_recommend]
impl<F, L> MakesLayer for F
where
    F: FnOnce() -> L + Send + 'static,
    L: Layer<Registry> + Send + Sync,
{
    fn later(self) -> MakeLayers {
        MakeLayers::new(self)
    }
}
