//! The plugin's log: `tracing` events become hclog records on the host's log pipe.

mod filter;
mod frames;
mod hclog;
mod layer;
mod layers;
mod line_writer;
mod panics;
mod queue;
mod sink;
mod target;
mod waiting;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Level, dispatcher};

pub use hclog::LogRecord;
pub use layer::log_layer;
pub use layers::MakeLayers;
pub(crate) use layers::PendingLayers;
use layers::{subscriber_of, trace_log};
#[cfg(any(feature = "testing", cvtplugin_fuzzing))]
pub(crate) use line_writer::LineWriter;
#[cfg(feature = "testing")]
pub(crate) use panics::record as record_panic;
pub(crate) use panics::record_panics;
pub(crate) use sink::LogSink;
use sink::STDOUT;

/// Sends every `tracing` event to `sink`, but for those of the transport.
#[cfg(feature = "testing")]
pub(crate) fn send_everything(sink: &LogSink) -> Dispatch {
    let (filter, _) = filter::parse("trace", sink.name());
    trace_log(LevelFilter::TRACE);
    subscriber_of(sink, filter)
}

/// Sends every `tracing` event to `sink`, unless the author has set a subscriber of their own.
/// Returns the author's layers, if there are any to be made.
pub(crate) fn init(
    sink: &mut LogSink,
    subscriber: Option<Dispatch>,
    layers: Option<MakeLayers>,
) -> Option<PendingLayers> {
    let (filter, filter_warning) = filter::from_env(sink.name());
    sink.set_logs_stdout(filter.would_enable(STDOUT, &Level::DEBUG));
    sink.tee_from_env();
    layer::set_sink_of_process(sink);
    let file_warning = sink.file_error().map(ToOwned::to_owned);
    let own = subscriber.is_some() || dispatcher::has_been_set();
    let unused = (own && layers.is_some())
        .then(|| String::from("`layers` are not used: the plugin has a subscriber of its own"));
    let pending = layers
        .filter(|_| !own)
        .map(|make| PendingLayers::new(make, sink, filter.clone()));
    if pending.is_none() {
        let subscriber = subscriber.unwrap_or_else(|| subscriber_of(sink, filter));
        // An error says that there is a global subscriber already: the author's, and theirs to
        // choose.
        let _ = dispatcher::set_global_default(subscriber);
        trace_log(LevelFilter::current());
    }
    for warning in [filter_warning, file_warning, unused].into_iter().flatten() {
        tracing::warn!("{warning}");
    }
    pending
}
