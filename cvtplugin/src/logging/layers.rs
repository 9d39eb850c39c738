//! The author's layers beside our own.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use tokio::runtime::Handle;
use tracing::Dispatch;
use tracing::dispatcher::{self, DefaultGuard};
use tracing::level_filters::LevelFilter;
use tracing_log::{AsLog as _, LogTracer};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

use super::layer::HclogLayer;
use super::sink::LogSink;

/// How long the host's first connection waits for the layers.
const LAYERS_TIMEOUT: Duration = Duration::from_secs(1);

type Layers = Box<dyn Layer<Registry> + Send + Sync>;

/// The author's function that makes them.
pub struct MakeLayers(Box<dyn FnOnce() -> Layers + Send>);

impl MakeLayers {
    pub(crate) fn new<L: Layer<Registry> + Send + Sync>(
        make: impl FnOnce() -> L + Send + 'static,
    ) -> Self {
        Self(Box::new(|| Box::new(make())))
    }
}

/// A log whose other layers are yet to be made: the global subscriber is set with them, once.
pub(crate) struct PendingLayers {
    make: MakeLayers,
    filter: Targets,
    sink: LogSink,
    /// Our own layer alone.
    until: Dispatch,
    /// What logs on this thread in the meantime.
    _until: DefaultGuard,
}

impl PendingLayers {
    /// Logs to the host on this thread.
    pub(super) fn new(make: MakeLayers, sink: &LogSink, filter: Targets) -> Self {
        let until = subscriber_of(sink, filter.clone());
        Self {
            make,
            filter,
            sink: sink.clone(),
            _until: dispatcher::set_default(&until),
            until,
        }
    }

    /// Makes the layers on a thread of the author's runtime, and logs through them from here on.
    /// Whatever is wrong with them, the log goes to the host.
    pub(crate) fn add(self, runtime: &Handle) {
        let (sender, layers) = mpsc::sync_channel(1);
        let (MakeLayers(make), until) = (self.make, self.until.clone());
        runtime.spawn_blocking(move || {
            let _ = sender.send(dispatcher::with_default(&until, make));
        });
        let trouble = match layers.recv_timeout(LAYERS_TIMEOUT) {
            Ok(layers) => set_global(composed(layers, &self.sink, self.filter)),
            Err(why) => {
                let _ = dispatcher::set_global_default(self.until);
                Some(match why {
                    RecvTimeoutError::Disconnected => "it panicked",
                    RecvTimeoutError::Timeout => "it took longer than 1 s",
                })
            }
        };
        trace_log(LevelFilter::current());
        if let Some(trouble) = trouble {
            let message = format!(
                "cannot use the layers of the function given as `layers`: {trouble}: the log goes \
                 to the host alone"
            );
            self.sink
                .log(tracing::Level::ERROR, &message, serde_json::Map::new());
        }
    }
}

/// The layers first, so that they are what is on the registry, and ours with a filter of its own.
fn composed(layers: Layers, sink: &LogSink, filter: Targets) -> Dispatch {
    let ours = HclogLayer::new(sink.clone()).with_filter(filter);
    tracing_subscriber::registry()
        .with(layers)
        .with(ours)
        .into()
}

fn set_global(subscriber: Dispatch) -> Option<&'static str> {
    let set = dispatcher::set_global_default(subscriber);
    set.is_err().then_some("a global subscriber is set already")
}

/// Our own layer alone.
pub(super) fn subscriber_of(sink: &LogSink, filter: Targets) -> Dispatch {
    let layer = HclogLayer::new(sink.clone());
    tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .into()
}

/// Makes events of what is logged through `log`, as many crates do.
pub(super) fn trace_log(level: LevelFilter) {
    // An error says that the author has set a logger of their own.
    let _ = LogTracer::builder().with_max_level(level.as_log()).init();
}
