//! Layers of the author's beside the log to the host.

use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

use super::Server;
use crate::logging::MakeLayers;

impl Server {
    /// Adds what `make` returns, such as an exporter of traces, to the log to the host, which
    /// stays as it is. The [guide](crate::guide::logging) has recipes.
    ///
    /// `make` runs in the plugin's runtime, where it may spawn tasks, once the handshake line is
    /// out. CVT's first connection waits for it, for a second at most. If it panics or takes longer, an
    /// error in the log says so, and the log goes to the host alone.
    ///
    /// `CVT_PLUGIN_LOG` has no effect on these layers: give them filters of their own, as in
    /// `layer.with_filter(LevelFilter::INFO)`. They see all values as they are: secrets are redacted
    /// on the way to the host alone. With a [`logger`](Self::logger) of your own they are not used.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    ///
    /// use cvtplugin::{PluginInfo, Server};
    /// use tracing_subscriber::Registry;
    /// use tracing_subscriber::filter::LevelFilter;
    /// use tracing_subscriber::layer::Layer;
    ///
    /// fn telemetry() -> impl Layer<Registry> + Send + Sync {
    ///     tracing_subscriber::fmt::layer()
    ///         .with_writer(std::io::stderr)
    ///         .with_filter(LevelFilter::DEBUG)
    /// }
    ///
    /// fn main() -> ExitCode {
    ///     Server::new(PluginInfo::new("rest", "0.1.0")).layers(telemetry).serve()
    /// }
    /// ```
    pub fn layers<L: Layer<Registry> + Send + Sync>(
        mut self,
        make: impl FnOnce() -> L + Send + 'static,
    ) -> Self {
        self.layers = Some(MakeLayers::new(make));
        self
    }
}
