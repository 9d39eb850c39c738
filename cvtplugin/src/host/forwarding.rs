//! A plugin's log in that of the host's process: each record becomes a `tracing` event, with the
//! record's own fields.
//!
//! `tracing` wants to know the names of an event's fields when a program is compiled. Here they
//! come from a plugin, so an event's callsite is made when a record with such fields first comes,
//! and kept for good. That costs memory, hence the limits.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Map, Value};
use tracing_core::callsite::{Callsite, Identifier};
use tracing_core::field::{self, Field, FieldSet};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Kind, Level, Metadata, dispatcher};

use crate::LogRecord;

const TARGET: &str = "cvtplugin::host";

/// The fields that every event has. A field of the plugin's by one of these names gets a prefix.
const OWN: [&str; 3] = ["message", "plugin", "module"];

/// How many fields of a record become fields of the event.
const MAX_FIELDS: usize = MOST - OWN.len() - 1;

/// How many fields an event has at most.
const MOST: usize = 32;

/// The field with what is beyond the limits, as JSON.
const REST: &str = "fields";

/// How many different sets of fields become events of their own.
const MAX_CALLSITES: usize = 512;

/// Logs what a plugin has logged.
pub(super) fn forward(plugin: &str, record: &LogRecord) {
    static CALLSITES: Callsites = Callsites(Mutex::new(BTreeMap::new()));
    forward_through(&CALLSITES, plugin, record);
}

fn forward_through(callsites: &Callsites, plugin: &str, record: &LogRecord) {
    let callsite = callsites.of(record);
    let metadata = callsite.metadata;
    if !dispatcher::get_default(|current| current.enabled(metadata)) {
        return;
    }
    let (own, rest) = split(&record.fields, callsite.fields);
    let rest = (!rest.is_empty()).then(|| Value::Object(rest).to_string());
    let texts = [record.message.as_str(), plugin, record.module.as_str()];
    let mut values: Vec<Option<Box<dyn field::Value + '_>>> = Vec::new();
    values.extend(texts.iter().map(|text| Some(Box::new(text) as Box<_>)));
    values.extend(own.map(|own| Some(value(own))));
    values.push(rest.map(|rest| Box::new(rest) as Box<_>));
    dispatch(metadata, &values);
}

fn dispatch(metadata: &'static Metadata<'static>, values: &[Option<Box<dyn field::Value + '_>>]) {
    let fields: Vec<Field> = metadata.fields().iter().collect();
    // A pair without a value counts for nothing.
    let mut pairs: [(&Field, Option<&dyn field::Value>); MOST] = [(&fields[0], None); MOST];
    for (pair, (field, value)) in pairs.iter_mut().zip(fields.iter().zip(values)) {
        *pair = (field, value.as_deref());
    }
    Event::dispatch(metadata, &metadata.fields().value_set(&pairs));
}

/// The first `count` values, and all other fields.
fn split(
    fields: &Map<String, Value>,
    count: usize,
) -> (impl Iterator<Item = &Value>, Map<String, Value>) {
    let rest = fields.iter().skip(count);
    let rest = rest.map(|(name, value)| (name.clone(), value.clone()));
    (fields.values().take(count), rest.collect())
}

/// A field's value: text, numbers and booleans as such, anything else as JSON.
fn value(value: &Value) -> Box<dyn field::Value + '_> {
    if let Some(text) = value.as_str() {
        return Box::new(text);
    }
    if let Some(flag) = value.as_bool() {
        return Box::new(flag);
    }
    if let Some(number) = value.as_i64() {
        return Box::new(number);
    }
    if let Some(number) = value.as_u64() {
        return Box::new(number);
    }
    match value.as_f64() {
        Some(number) => Box::new(number),
        None => Box::new(field::display(value)),
    }
}

/// Where events with certain fields come from, for all that `tracing` knows.
struct DynamicCallsite(OnceLock<Metadata<'static>>);

impl Callsite for DynamicCallsite {
    // It is asked each time.
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.0.get().expect("set before it is registered")
    }
}

/// A callsite, and how many of a record's fields are among its own.
#[derive(Clone, Copy)]
struct Known {
    metadata: &'static Metadata<'static>,
    fields: usize,
}

/// The callsites made so far, by level and names of fields.
struct Callsites(Mutex<BTreeMap<(Level, Vec<String>), Known>>);

impl Callsites {
    /// The callsite for a record.
    fn of(&self, record: &LogRecord) -> Known {
        let names: Vec<_> = record.fields.keys().take(MAX_FIELDS).cloned().collect();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = (record.level, names);
        if known.len() >= MAX_CALLSITES && !known.contains_key(&key) {
            key.1.clear();
        }
        *known
            .entry(key)
            .or_insert_with_key(|(level, names)| make(*level, names))
    }
}

/// Makes a callsite, which is kept for good.
fn make(level: Level, names: &[String]) -> Known {
    let own = OWN.iter().map(|&name| String::from(name));
    let theirs = names.iter().map(|name| {
        if OWN.contains(&name.as_str()) {
            format!("field.{name}")
        } else {
            name.clone()
        }
    });
    let all = own.chain(theirs).chain([REST.to_owned()]);
    let all: Vec<&'static str> = all.map(|name| &*name.leak()).collect();
    let callsite: &'static DynamicCallsite = Box::leak(Box::new(DynamicCallsite(OnceLock::new())));
    let fields = FieldSet::new(all.leak(), Identifier(callsite));
    let metadata = callsite.0.get_or_init(|| {
        Metadata::new(
            "record of a plugin",
            TARGET,
            level,
            None,
            None,
            None,
            fields,
            Kind::EVENT,
        )
    });
    Known {
        metadata,
        fields: names.len(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use tracing::field::Visit;
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

    use super::*;

    /// Keeps each field of each event as text.
    #[derive(Clone, Default)]
    struct Events(Arc<Mutex<Vec<BTreeMap<String, String>>>>);

    struct Fields<'a>(&'a mut BTreeMap<String, String>);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
            self.0.insert(field.name().to_owned(), format!("{value:?}"));
        }
    }

    impl<S: tracing::Subscriber> Layer<S> for Events {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut fields = BTreeMap::new();
            fields.insert("level".to_owned(), event.metadata().level().to_string());
            event.record(&mut Fields(&mut fields));
            self.0.lock().expect("no panic here").push(fields);
        }
    }

    /// The event that a record with these fields becomes.
    fn forwarded(fields: Value) -> BTreeMap<String, String> {
        let callsites = Callsites(Mutex::default());
        forwarded_through(&callsites, Level::INFO, fields)
    }

    fn forwarded_through(
        callsites: &Callsites,
        level: Level,
        fields: Value,
    ) -> BTreeMap<String, String> {
        let events = Events::default();
        let subscriber = tracing_subscriber::registry().with(events.clone());
        let mut record = LogRecord::new(level, "rest.http", "fetched");
        let Value::Object(fields) = fields else {
            panic!("not an object: {fields}");
        };
        record.fields = fields;
        tracing::subscriber::with_default(subscriber, || {
            forward_through(callsites, "rest", &record);
        });
        let mut events = events.0.lock().expect("no panic here");
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    fn map<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
        let pairs = pairs.into_iter();
        pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    const ALWAYS: [(&str, &str); 3] = [
        ("message", "\"fetched\""),
        ("plugin", "\"rest\""),
        ("module", "\"rest.http\""),
    ];

    #[test]
    fn fields_of_a_record_are_fields_of_the_event() {
        let fields = json!({
            "schema": "petstore", "bytes": 42, "offset": -1, "ratio": 0.5, "cached": true,
            "nothing": null, "tags": ["a", "b"],
        });
        let expected = map(ALWAYS.into_iter().chain([
            ("level", "WARN"),
            ("schema", "\"petstore\""),
            ("bytes", "42"),
            ("offset", "-1"),
            ("ratio", "0.5"),
            ("cached", "true"),
            ("nothing", "null"),
            ("tags", r#"["a","b"]"#),
        ]));
        // And again by a callsite that exists already.
        let callsites = Callsites(Mutex::default());
        for _ in 0..2 {
            let event = forwarded_through(&callsites, Level::WARN, fields.clone());
            assert_eq!(event, expected);
        }
    }

    #[test]
    fn field_by_one_of_our_names_gets_a_prefix() {
        let event = forwarded(json!({ "plugin": "another" }));
        assert_eq!(event["plugin"], "\"rest\"");
        assert_eq!(event["field.plugin"], "\"another\"");
    }

    #[test]
    fn fields_beyond_those_of_an_event_are_one_json_field() {
        let fields = (0..40).map(|number| (format!("f{number:02}"), json!(number)));
        let event = forwarded(Value::Object(fields.collect()));
        assert_eq!(event["f27"], "27");
        assert!(!event.contains_key("f28"));
        assert!(event[REST].contains("f28"), "{event:?}");
        assert!(event[REST].contains("f39"), "{event:?}");
    }

    #[test]
    fn callsites_are_bounded() {
        let callsites = Callsites(Mutex::default());
        for number in 0..MAX_CALLSITES {
            let name = format!("key{number}");
            let event = forwarded_through(&callsites, Level::TRACE, json!({ &name: number }));
            assert!(event.contains_key(&name), "{event:?}");
        }
        let event = forwarded_through(&callsites, Level::TRACE, json!({ "one too many": 1 }));
        assert_eq!(event[REST], r#""{\"one too many\":1}""#);
    }
}
