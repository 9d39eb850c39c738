//! A response as JSON, its documents readable.

use cvtplugin::BoxError;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage as _, SerializeOptions,
    Value,
};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::value::RawValue;

use crate::{suggest, terminal};

/// A response, fields in the order of the protocol. Bytes are shown as what they are: a JSON
/// document as it is written, text as text, and only the rest in base64.
struct Response<'a>(&'a DynamicMessage);

impl Serialize for Response<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in self.0.descriptor().fields() {
            let value = self.0.get_field(&field);
            match value
                .as_bytes()
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
            {
                Some(text) => match document(text) {
                    Some(document) => map.serialize_entry(field.name(), document)?,
                    None => map.serialize_entry(field.name(), text)?,
                },
                None => map.serialize_entry(field.name(), &plain(self.0, &field))?,
            }
        }
        map.end()
    }
}

/// A whole JSON document.
fn document(text: &str) -> Option<&RawValue> {
    let document: &RawValue = serde_json::from_str(text).ok()?;
    Some(document).filter(|document| document.get().starts_with(['{', '[']))
}

/// One field as protobuf's JSON has it.
fn plain(message: &DynamicMessage, field: &FieldDescriptor) -> serde_json::Value {
    let mut one = DynamicMessage::new(message.descriptor());
    one.set_field(field, message.get_field(field).into_owned());
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .skip_default_fields(false)
        .stringify_64_bit_integers(false);
    let json = one.serialize_with_options(serde_json::value::Serializer, &options);
    // Every message of the protocol has a form in JSON.
    json.map(|mut json| json[field.name()].take())
        .unwrap_or_default()
}

/// The field of a response that is wanted alone.
pub(super) fn field(message: &MessageDescriptor, name: &str) -> Result<FieldDescriptor, BoxError> {
    let fields: Vec<_> = message.fields().collect();
    let found = fields.iter().find(|field| field.name() == name);
    found.cloned().ok_or_else(|| {
        let advice = suggest::advice(name, fields.iter().map(FieldDescriptor::name));
        format!("{} has no field `{name}`; {advice}", message.name()).into()
    })
}

/// Prints a response to stdout: all of it as JSON, or one field as it is.
pub(super) fn print(
    response: &DynamicMessage,
    raw: Option<&FieldDescriptor>,
) -> Result<(), BoxError> {
    let output = match raw {
        Some(field) => as_it_is(response, field)?,
        None => pretty(&Response(response))?,
    };
    Ok(terminal::print(&output)?)
}

/// Why CVT passes over the spec in a response, if there is one and CVT does.
pub(super) fn spec_problem(response: &DynamicMessage) -> Option<String> {
    let spec = response.get_field_by_name("spec")?;
    Some(cvtplugin::__command::spec_problem(spec.as_bytes()?)?.to_string())
}

fn as_it_is(response: &DynamicMessage, field: &FieldDescriptor) -> Result<Vec<u8>, BoxError> {
    match response.get_field(field).as_ref() {
        Value::Bytes(bytes) => Ok(bytes.to_vec()),
        Value::String(text) => Ok(text.clone().into_bytes()),
        _ => pretty(&plain(response, field)),
    }
}

fn pretty(json: &impl Serialize) -> Result<Vec<u8>, BoxError> {
    let mut output = serde_json::to_vec_pretty(json)?;
    output.push(b'\n');
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::protocol::Protocol;

    /// A response of `FetchSchema`.
    fn schema(spec: &[u8]) -> DynamicMessage {
        let protocol = Protocol::load().expect("descriptors");
        let rpc = protocol.rpc("FetchSchema").expect("an RPC");
        let mut schema = DynamicMessage::new(rpc.output());
        schema.set_field_by_name("spec", Value::Bytes(spec.to_vec().into()));
        schema
    }

    #[test]
    fn spec_is_shown_readably() {
        for (spec, shown) in [
            (&b"{\"z\": 1, \"a\": [2]}\n"[..], r#"{"z": 1, "a": [2]}"#),
            (b"openapi: 3.0.0\n", r#""openapi: 3.0.0\n""#),
            // Not a document, although valid JSON.
            (b"42", r#""42""#),
            (b"", r#""""#),
            (b"\xff\x00", r#""/wA=""#),
        ] {
            let shown = format!("{{\n  \"spec\": {shown},\n  \"resolved_version\": \"\"\n}}\n");
            let response = schema(spec);
            let json = pretty(&Response(&response)).expect("JSON");
            assert_eq!(String::from_utf8_lossy(&json), shown);
            let field = field(&response.descriptor(), "spec").expect("a field");
            assert_eq!(as_it_is(&response, &field).expect("bytes"), spec);
        }
    }

    #[test]
    fn unknown_field_is_refused() {
        let error = field(&schema(b"").descriptor(), "specs").expect_err("unknown");
        assert!(
            error.to_string().contains("did you mean `spec`?"),
            "{error}"
        );
    }
}
