//! Requests: likely ones, and odd ones.

use bytes::Bytes;
use cvtplugin::Rpc;
use cvtplugin::pb::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value};

/// A request as a host sends it: every field is set.
pub(super) fn likely(rpc: Rpc) -> Bytes {
    let request = request_of(rpc).map(|request| filled(&request).encode_to_vec());
    request.unwrap_or_default().into()
}

/// The type of an RPC's request, by the protocol's descriptors: a new one needs no code here.
fn request_of(rpc: Rpc) -> Option<MessageDescriptor> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).ok()?;
    let service = pool.get_service_by_name(rpc.grpc_service())?;
    let method = service.methods().find(|method| method.name() == rpc.name());
    method.map(|method| method.input())
}

fn filled(descriptor: &MessageDescriptor) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        let value = match field.kind() {
            Kind::String => Value::String(text(field.name()).to_owned()),
            Kind::Message(message) => Value::Message(filled(&message)),
            other => Value::default_value(&other),
        };
        if field.is_list() {
            message.set_field(&field, Value::List(vec![value]));
        } else {
            message.set_field(&field, value);
        }
    }
    message
}

/// A likely value for a field of this name.
fn text(field: &str) -> &'static str {
    match field {
        "method" => "GET",
        "path" => "/check",
        _ if field.ends_with("version") => "1.0.0",
        _ => "cvt-plugin-check",
    }
}

/// Requests that no host is likely to send, but may, each with what is odd about it.
pub(super) fn odd() -> [(&'static str, Bytes); 4] {
    [
        ("an empty request", Bytes::new()),
        ("ids of a million bytes", ids(&"x".repeat(1_000_000))),
        (
            "ids full of odd characters",
            ids("../%2e\0\r\n\u{202e}\u{1f98a}é\u{301}\"'`${}"),
        ),
        ("fields of a later version", unknown_field()),
    ]
}

/// A malformed request.
pub(super) fn malformed() -> Bytes {
    // The declared length of field 1 is more than what follows.
    Bytes::from_static(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00])
}

/// A request with an id of `bytes` bytes.
pub(super) fn of_size(bytes: usize) -> Bytes {
    ids_in(1..=1, &"x".repeat(bytes))
}

/// A request whose first fields, texts in every one of them, all hold `id`.
fn ids(id: &str) -> Bytes {
    ids_in(1..=3, id)
}

fn ids_in(fields: std::ops::RangeInclusive<u32>, id: &str) -> Bytes {
    let mut message = Vec::new();
    for field in fields {
        prost::encoding::string::encode(field, &id.to_owned(), &mut message);
    }
    message.into()
}

fn unknown_field() -> Bytes {
    let mut message = Vec::new();
    prost::encoding::uint64::encode(1000, &u64::MAX, &mut message);
    message.into()
}

#[cfg(test)]
mod tests {
    use cvtplugin::prelude::*;

    use super::*;

    #[test]
    fn every_rpc_has_a_likely_request() {
        for rpc in Rpc::ALL.iter().copied() {
            assert!(!likely(rpc).is_empty(), "{}", rpc.name());
        }
        let usage = RegisterConsumerUsageRequest::decode(likely(Rpc::RegisterConsumerUsage));
        let id = "cvt-plugin-check";
        let expected = RegisterConsumerUsageRequest::new(id, id, "1.0.0")
            .environment(id)
            .endpoints([EndpointUsage::new("GET", "/check").used_fields([id])])
            .request_id(id);
        assert_eq!(usage, Ok(expected));
    }
}
