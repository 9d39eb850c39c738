//! Requests: likely ones, and odd ones.

use bytes::Bytes;
use cvtplugin::Rpc;
use cvtplugin::prelude::*;
use prost::Message as _;

/// A request as a host sends it.
pub(super) fn likely(rpc: Rpc) -> Bytes {
    let message = match rpc {
        Rpc::FetchSchema => FetchSchemaRequest::new("cvt-plugin-check").encode_to_vec(),
        Rpc::RegisterConsumerUsage => {
            RegisterConsumerUsageRequest::new("cvt-plugin-check", "cvt-plugin-check", "1.0.0")
                .endpoints([EndpointUsage::new("GET", "/check").used_fields(["id"])])
                .encode_to_vec()
        }
        Rpc::OnBreakingChangeDetected => {
            let change = BreakingChange::new("ENDPOINT_REMOVED", "a check, no real change");
            BreakingChangeDetectedRequest::new("cvt-plugin-check", "1.0.0", "2.0.0")
                .changes([change])
                .encode_to_vec()
        }
        Rpc::OnValidationFailed => {
            let error = ValidationError::new("type", "a check, no real failure");
            ValidationFailedRequest::new("cvt-plugin-check", "GET", "/check")
                .errors([error])
                .encode_to_vec()
        }
        // An RPC that is newer than this: the test below names it.
        _ => Vec::new(),
    };
    message.into()
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

/// A request that is no message.
pub(super) fn malformed() -> Bytes {
    // Field 1 is said to be longer than all there is.
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
    use super::*;

    #[test]
    fn every_rpc_has_a_likely_request() {
        for rpc in Rpc::ALL.iter().copied() {
            let name = rpc.name();
            assert!(!likely(rpc).is_empty(), "write one for {name} in `likely`");
        }
    }
}
