//! `--schema`: a JSON Schema of the plugin's config, as it stands in config.yaml.
//!
//! CVT reads each value as text and expands `${VAR}` in it, so a number may be written with quotes
//! or without, and a variable may stand for anything.

use serde_json::{Map, Value, json};

use super::description::Description;
use super::pattern;
use crate::ConfigKey;
use crate::config::{ValueKind, ValueType, WholeNumber};

/// What has a variable of the environment in it.
const VARIABLE: &str = r"\$\{";

pub(super) fn render(description: &Description<'_>) -> String {
    let keys = description.keys.iter();
    let properties: Map<_, _> = keys
        .clone()
        .map(|key| (key.name().to_owned(), property(key)))
        .collect();
    let required: Vec<_> = keys
        .filter(|key| key.is_required())
        .map(ConfigKey::name)
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Config of the plugin {}", description.info.name()),
        "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": properties,
        "required": required,
        // The plugin ignores keys that it does not know, with a warning.
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    });
    format!("{schema:#}\n")
}

fn property(key: &ConfigKey) -> Value {
    let mut any_of = vec![json!({"type": "string", "pattern": VARIABLE})];
    any_of.extend(values(key));
    if !key.is_required() {
        // The same as leaving it out.
        any_of.push(json!({"enum": [null, ""]}));
    }
    let mut property = json!({"description": key.description(), "anyOf": any_of});
    if key.is_secret() {
        property["writeOnly"] = true.into();
        return property;
    }
    if let Some(default) = key.default_value() {
        property["default"] = Value::from(&*default);
    }
    if let Some(example) = key.example() {
        property["examples"] = json!([example]);
    }
    property
}

/// The schemas of what the key may be set to, of which one has to fit.
fn values(key: &ConfigKey) -> Vec<Value> {
    let value_type = (key.value_type)();
    let Some(pattern) = pattern::of(value_type) else {
        return vec![any_text()];
    };
    let is_list = key.kind == ValueKind::List;
    let pattern = if is_list {
        pattern::list_of(&pattern)
    } else {
        format!("^(?:{pattern})$")
    };
    let text = json!({"type": "string", "minLength": 1, "pattern": pattern});
    let mut values = vec![text];
    values.extend(unquoted(value_type));
    values
}

/// Any text but the empty one, which unsets the key: numbers and the like are text to CVT.
fn any_text() -> Value {
    json!({"type": ["string", "number", "boolean"], "minLength": 1})
}

/// What may go without quotes.
fn unquoted(value_type: ValueType) -> Option<Value> {
    match value_type {
        ValueType::WholeNumber(WholeNumber {
            least,
            most,
            has_zero,
        }) => {
            let mut schema = json!({"type": "integer"});
            // JSON has no larger ones that all readers agree on.
            if let (Ok(least), Ok(most)) = (i64::try_from(least), u64::try_from(most)) {
                schema["minimum"] = least.into();
                schema["maximum"] = most.into();
            }
            if !has_zero {
                schema["not"] = json!({"const": 0});
            }
            Some(schema)
        }
        ValueType::Number => Some(json!({"type": "number"})),
        ValueType::Bool => Some(json!({"type": "boolean"})),
        ValueType::Character => Some(json!({"type": "integer", "minimum": 0, "maximum": 9})),
        ValueType::Text | ValueType::Duration | ValueType::Form(_) => None,
    }
}
