//! A request, of JSON and of `field=value`.

use std::collections::BTreeMap;

use cvtplugin::BoxError;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
};
use serde_json::{Map, Value};

use crate::suggest;

/// Makes a request of a JSON object, and of fields as they are written on a command line. Those
/// win, but for lists, which they lengthen.
///
/// # Errors
///
/// For a field that the message does not have, and for a value that does not fit, with what
/// would.
pub(super) fn build(
    message: &MessageDescriptor,
    json: Map<String, Value>,
    fields: &[(String, String)],
) -> Result<DynamicMessage, BoxError> {
    let mut values: BTreeMap<u32, Value> = BTreeMap::new();
    for (name, value) in json {
        values.insert(field(message, &name)?.number(), value);
    }
    for (name, text) in fields {
        let field = field(message, name)?;
        let value = value(&field, text);
        match values.get_mut(&field.number()) {
            Some(Value::Array(list)) if field.is_list() => lengthen(list, value),
            _ if field.is_list() && !value.is_array() => {
                values.insert(field.number(), Value::Array(vec![value]));
            }
            _ => {
                values.insert(field.number(), value);
            }
        }
    }
    let mut request = DynamicMessage::new(message.clone());
    for (number, value) in values {
        if let Some(field) = message.get_field(number) {
            set(&mut request, &field, value)?;
        }
    }
    Ok(request)
}

/// The field of this name, as the protocol writes it, as JSON does, or with hyphens.
fn field(message: &MessageDescriptor, name: &str) -> Result<FieldDescriptor, BoxError> {
    let plain = suggest::plain(name);
    let fields: Vec<_> = message.fields().collect();
    let found = fields
        .iter()
        .find(|field| suggest::plain(field.name()) == plain);
    found.cloned().ok_or_else(|| {
        let advice = suggest::advice(name, fields.iter().map(FieldDescriptor::name));
        format!("{} has no field `{name}`; {advice}", message.name()).into()
    })
}

/// What a text is for a field: itself where a text is wanted, or else JSON.
fn value(field: &FieldDescriptor, text: &str) -> Value {
    let json = match field.kind() {
        Kind::String => None,
        _ => serde_json::from_str(text).ok(),
    };
    json.unwrap_or_else(|| text.into())
}

fn lengthen(list: &mut Vec<Value>, value: Value) {
    match value {
        Value::Array(more) => list.extend(more),
        one => list.push(one),
    }
}

/// Sets one field, so that an error can name it.
fn set(
    request: &mut DynamicMessage,
    field: &FieldDescriptor,
    value: Value,
) -> Result<(), BoxError> {
    let one = Map::from_iter([(field.name().to_owned(), value)]);
    let mut one = DynamicMessage::deserialize(request.descriptor(), Value::Object(one))
        .map_err(|error| format!("`{}` is {}: {error}", field.name(), type_of(field)))?;
    if let Some(value) = one.take_field(field) {
        request.set_field(field, value);
    }
    Ok(())
}

/// What fits into a field.
fn type_of(field: &FieldDescriptor) -> String {
    let one = match field.kind() {
        Kind::Bool => "`true` or `false`".to_owned(),
        Kind::String => "text".to_owned(),
        Kind::Bytes => "bytes in base64".to_owned(),
        Kind::Enum(values) => {
            let names: Vec<_> = values
                .values()
                .map(|value| value.name().to_owned())
                .collect();
            format!("one of {}", names.join(", "))
        }
        Kind::Message(message) => {
            let names: Vec<_> = message
                .fields()
                .map(|field| field.name().to_owned())
                .collect();
            format!("{} as JSON, with {}", message.name(), names.join(", "))
        }
        number => format!("a number ({number:?})"),
    };
    if field.is_list() {
        format!("a list of {one}")
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::call::protocol::Protocol;

    fn build_usage(json: Value, fields: &[&str]) -> Result<Value, String> {
        let protocol = Protocol::load().expect("descriptors");
        let rpc = protocol.rpc("RegisterConsumerUsage").expect("an RPC");
        let Value::Object(json) = json else {
            panic!("no object: {json}")
        };
        let fields: Vec<_> = fields
            .iter()
            .filter_map(|field| field.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let request = build(&rpc.input(), json, &fields).map_err(|error| error.to_string())?;
        Ok(serde_json::to_value(request).expect("JSON"))
    }

    #[test]
    fn fields_win_over_json() {
        for (json, fields, expected) in [
            (json!({}), &[][..], json!({})),
            (
                json!({}),
                &["schema_id=petstore", "consumer-id=10", "schemaVersion=true"],
                json!({"schemaId": "petstore", "consumerId": "10", "schemaVersion": "true"}),
            ),
            (
                json!({"schemaId": "a", "consumer_id": "b"}),
                &["schema_id=c=d"],
                json!({"schemaId": "c=d", "consumerId": "b"}),
            ),
            (
                json!({"endpoints": [{"method": "GET"}]}),
                &[
                    r#"endpoints={"path": "/a", "used_fields": ["x"]}"#,
                    r#"endpoints=[{"path": "/b"}, {"path": "/c"}]"#,
                ],
                json!({"endpoints": [
                    {"method": "GET"},
                    {"path": "/a", "usedFields": ["x"]},
                    {"path": "/b"},
                    {"path": "/c"},
                ]}),
            ),
        ] {
            let request = build_usage(json, fields).expect("it fits");
            assert_eq!(request, expected, "{fields:?}");
        }
    }

    #[test]
    fn invalid_value_is_named_with_what_was_expected() {
        for (json, fields, parts) in [
            (
                json!({}),
                &["schemaid2=x"][..],
                &["no field `schemaid2`", "did you mean `schema_id`?"][..],
            ),
            (
                json!({"x": 1}),
                &[],
                &["no field `x`", "known: consumer_id, schema_id"],
            ),
            (json!({"schema_id": 5}), &[], &["`schema_id` is text: "]),
            (
                json!({}),
                &["endpoints=GET"],
                &[
                    "`endpoints` is a list of EndpointUsage as JSON",
                    "method, path, used_fields",
                ],
            ),
            (
                json!({}),
                &[r#"endpoints={"pth": 1}"#],
                &["`endpoints` is a list", "pth"],
            ),
        ] {
            let error = build_usage(json, fields).expect_err("it does not fit");
            for part in parts {
                assert!(error.contains(part), "{error}");
            }
        }
    }
}
