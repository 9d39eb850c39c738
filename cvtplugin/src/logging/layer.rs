//! Turns `tracing` events, with the spans around them, into hclog records.

use std::fmt::{Debug, Write as _};
use std::sync::OnceLock;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::{LogSink, filter};

/// The fields in which `tracing_log` keeps the metadata of a record of `log`.
const LOGS_OWN: [&str; 4] = ["log.target", "log.module_path", "log.file", "log.line"];

/// The sink of this process, once there is one.
static OF_PROCESS: OnceLock<LogSink> = OnceLock::new();

pub(super) struct HclogLayer {
    /// `None` for that of the process.
    sink: Option<LogSink>,
}

impl HclogLayer {
    pub(super) fn new(sink: LogSink) -> Self {
        Self { sink: Some(sink) }
    }

    fn sink(&self) -> Option<&LogSink> {
        self.sink.as_ref().or_else(|| OF_PROCESS.get())
    }
}

/// Makes `sink` that of the process, unless there is one.
pub(super) fn set_sink_of_process(sink: &LogSink) {
    OF_PROCESS.get_or_init(|| sink.clone());
}

/// The layer that sends events to the host's log, for a subscriber of your own: see
/// [`Server::logger`](crate::Server::logger).
///
/// It works once the plugin serves its host; what is logged before goes to the other layers alone.
/// `CVT_PLUGIN_LOG` and `CVT_PLUGIN_LOG_FILE` have their usual effect on it, and none on the other
/// layers. These see all values as they are: secrets are redacted here, on the way to the host.
///
/// This plugin also counts its events:
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use cvtplugin::prelude::*;
/// use tracing_subscriber::layer::{Context as LayerContext, Layer, SubscriberExt as _};
///
/// static EVENTS: AtomicUsize = AtomicUsize::new(0);
///
/// struct Count;
///
/// impl<S: tracing::Subscriber> Layer<S> for Count {
///     fn on_event(&self, _: &tracing::Event<'_>, _: LayerContext<'_, S>) {
///         EVENTS.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let subscriber = tracing_subscriber::registry().with(cvtplugin::log_layer()).with(Count);
/// # tracing::subscriber::with_default(subscriber, || tracing::info!("counted"));
/// # assert_eq!(EVENTS.load(Ordering::Relaxed), 1);
/// ```
pub fn log_layer<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let (filter, _) = filter::from_env(&filter::name_of_binary());
    HclogLayer { sink: None }.with_filter(filter)
}

/// A span's fields, kept beside it for the events inside.
#[derive(Default)]
struct SpanFields(Fields);

impl<S> Layer<S> for HclogLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(id) else { return };
        let mut fields = SpanFields::default();
        attributes.record(&mut fields.0);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(id) else { return };
        // Before the lock: the author's `Debug` may log.
        let mut recorded = Fields::default();
        values.record(&mut recorded);
        if let Some(fields) = span.extensions_mut().get_mut::<SpanFields>() {
            fields.0.others.extend(recorded.others);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let Some(sink) = self.sink() else { return };
        let mut fields = Fields::default();
        for span in ctx.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<SpanFields>() {
                fields.inherit(&outer.0);
            }
        }
        event.record(&mut fields);
        // Events that came through `log` keep their own metadata in fields.
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        if normalized.is_some() {
            fields.others.retain(|name, _| !LOGS_OWN.contains(&&**name));
        }
        let target = fields.others.entry("target");
        target.or_insert_with(|| metadata.target().into());
        sink.log(*metadata.level(), &fields.message, fields.others);
    }
}

/// The fields of an event or a span, the message apart.
#[derive(Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    /// Takes over what an outer span says, unless said closer to the event.
    fn inherit(&mut self, outer: &Self) {
        for (key, value) in &outer.others {
            self.others
                .entry(key.clone())
                .or_insert_with(|| value.clone());
        }
    }

    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        if field.name() == "message" {
            self.message = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
        } else {
            self.others.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no NaN and no infinity.
        match serde_json::Number::from_f64(value) {
            Some(number) => self.set(field, number),
            None => self.set(field, value.to_string()),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(error) = source {
            let _ = write!(text, ": {error}");
            source = error.source();
        }
        self.set(field, text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::LogRecord;
    use crate::redaction::Redactor;

    /// What the host would read of the events in `run`.
    fn records(run: impl FnOnce()) -> Vec<LogRecord> {
        let mut file = tempfile::tempfile().expect("a scratch file");
        let sink = LogSink::new(
            "rest",
            file.try_clone().expect("a second handle"),
            Redactor::default(),
        );
        let subscriber = tracing_subscriber::registry().with(HclogLayer::new(sink.clone()));
        tracing::subscriber::with_default(subscriber, run);
        sink.flush(std::time::Duration::from_secs(20));
        let mut text = String::new();
        file.rewind().expect("a file can be rewound");
        file.read_to_string(&mut text).expect("log lines are text");
        let parse = |line| LogRecord::parse(line).expect("every line is a record");
        text.lines().map(parse).collect()
    }

    #[test]
    fn event_keeps_level_target_message_and_fields() {
        let records = records(|| {
            tracing::warn!(target: "rest::client", k = "v", n = 7, ratio = f64::NAN, "fetched {}", 3);
        });
        let [record] = records.as_slice() else {
            panic!("{records:?}");
        };
        assert_eq!(record.level, tracing::Level::WARN);
        assert_eq!(record.module, "rest");
        assert_eq!(record.fields["target"], "rest::client");
        assert_eq!(record.message, "fetched 3");
        assert_eq!(record.fields["k"], "v");
        assert_eq!(record.fields["n"], 7);
        assert_eq!(record.fields["ratio"], "NaN");
        assert_eq!(record.timestamp.len(), "2026-11-22T13:04:05.000000Z".len());
        assert!(record.timestamp.ends_with('Z'));
    }

    #[test]
    fn log_crate_records_are_events() {
        let records = records(|| {
            let record = log::Record::builder()
                .level(log::Level::Warn)
                .target("reqwest::connect")
                .args(format_args!("starting new connection"))
                .build();
            tracing_log::format_trace(&record).expect("an event");
        });
        let record = &records[0];
        assert_eq!(record.level, tracing::Level::WARN);
        assert_eq!(record.message, "starting new connection");
        let fields = serde_json::json!({ "target": "reqwest::connect" });
        assert_eq!(Value::Object(record.fields.clone()), fields);
    }

    #[test]
    fn fields_may_be_named_like_those_of_the_log_crate() {
        let records = records(|| tracing::info!(log.file = "a.yaml", "read"));
        assert_eq!(records[0].fields["log.file"], "a.yaml");
    }

    #[test]
    fn span_fields_are_added_and_the_closest_wins() {
        let records = records(|| {
            let outer = tracing::info_span!("outer", a = 1, b = 1, c = tracing::field::Empty);
            outer.record("c", 1);
            let _outer = outer.entered();
            let _inner = tracing::info_span!("inner", b = 2, message = "of a span").entered();
            tracing::info!(d = 3, "inside");
        });
        let fields = &records[0].fields;
        assert_eq!(records[0].message, "inside");
        assert_eq!(
            (&fields["a"], &fields["b"], &fields["c"], &fields["d"]),
            (&1.into(), &2.into(), &1.into(), &3.into())
        );
    }

    #[test]
    fn message_of_another_type_is_written_as_text() {
        let records = records(|| tracing::info!(message = 42));
        assert_eq!(records[0].message, "42");
    }
}
