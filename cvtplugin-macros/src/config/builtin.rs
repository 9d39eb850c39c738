//! The types whose values can be told here, by their spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use syn::Type;

use super::types;

/// Whether literals of the type can be told from others here: it is one of Rust's primitive types.
pub(super) fn is_primitive(ty: &Type) -> bool {
    parses_as_primitive("", &types::spelled(ty)).is_some()
}

/// Whether it says of a number what its type is, or nothing.
pub(super) fn is_number(suffix: &str) -> bool {
    let is_type = parses_as_primitive("", suffix).is_some();
    suffix.is_empty() || is_type && !["bool", "char"].contains(&suffix)
}

/// Whether the type is std's `Duration`.
pub(super) fn is_duration(ty: &Type) -> bool {
    let spelled = types::spelled(ty);
    [
        "Duration",
        "std::time::Duration",
        "core::time::Duration",
        "time::Duration",
    ]
    .contains(&spelled.trim_start_matches("::"))
}

/// Whether the text is a value of the type, if that is a known one.
pub(super) fn parses(text: &str, ty: &Type) -> Option<bool> {
    if is_duration(ty) {
        return Some(humantime::parse_duration(text).is_ok());
    }
    let spelled = types::spelled(ty);
    let plain = spelled
        .trim_start_matches("::")
        .trim_start_matches("std::net::");
    parses_as_primitive(text, &spelled).or_else(|| parses_as_address(text, plain))
}

macro_rules! parses_as {
    ($text:expr, $ty:expr, $($known:ident)*) => {
        match $ty {
            $(stringify!($known) => Some($text.parse::<$known>().is_ok()),)*
            _ => None,
        }
    };
}

fn parses_as_primitive(text: &str, ty: &str) -> Option<bool> {
    parses_as!(text, ty, u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char)
}

fn parses_as_address(text: &str, ty: &str) -> Option<bool> {
    parses_as!(text, ty, IpAddr Ipv4Addr Ipv6Addr SocketAddr SocketAddrV4 SocketAddrV6)
}
