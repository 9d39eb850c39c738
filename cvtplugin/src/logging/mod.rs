//! The plugin's log: `tracing` events become hclog records on the host's log pipe.

mod filter;
mod hclog;
mod layer;
mod panics;
mod pipe;
mod sink;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Level};
use tracing_log::{AsLog as _, LogTracer};
use tracing_subscriber::layer::SubscriberExt as _;

pub use hclog::LogRecord;
pub(crate) use panics::record_panics;
pub(crate) use sink::LogSink;

/// The target of what is printed to stdout.
const STDOUT: &str = "stdout";

/// Sends every `tracing` event to `sink`, unless the author has set a subscriber of their own.
pub(crate) fn init(sink: &mut LogSink, subscriber: Option<Dispatch>) {
    let (filter, filter_warning) = filter::from_env();
    sink.set_logs_stdout(filter.would_enable(STDOUT, &Level::DEBUG));
    let file_warning = sink.tee_from_env();
    let subscriber = subscriber.unwrap_or_else(|| {
        let layer = layer::HclogLayer::new(sink.clone());
        tracing_subscriber::registry()
            .with(filter)
            .with(layer)
            .into()
    });
    // An error says that there is a global subscriber already: the author's, and theirs to choose.
    let _ = tracing::dispatcher::set_global_default(subscriber);
    // Many crates log through `log`. An error says that the author has set a logger of their own.
    let _ = LogTracer::builder()
        .with_max_level(LevelFilter::current().as_log())
        .init();
    for warning in [filter_warning, file_warning].into_iter().flatten() {
        tracing::warn!("{warning}");
    }
}
