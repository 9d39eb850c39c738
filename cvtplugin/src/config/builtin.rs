//! Rust's own types, in the words of operators.

use std::any::TypeId;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize};

/// What is wrong with a text that is no `T`, such as `is no number`, if that is one of those types.
pub(super) fn fault<T: 'static>(text: &str) -> Option<String> {
    let asked = TypeId::of::<T>();
    macro_rules! whole_numbers {
        ($($whole:ident)*, $but:literal) => {$(
            if asked == TypeId::of::<$whole>() {
                return Some(no_whole_number(text, $whole::MIN, $whole::MAX, $but));
            }
        )*};
    }
    whole_numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize, "");
    whole_numbers!(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize, "");
    whole_numbers!(NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize, " but 0");
    let others = [
        (TypeId::of::<f32>(), "is no number"),
        (TypeId::of::<f64>(), "is no number"),
        (TypeId::of::<bool>(), "is neither true nor false"),
        (TypeId::of::<char>(), "is no single character"),
        (TypeId::of::<IpAddr>(), "is no IP address"),
        (TypeId::of::<Ipv4Addr>(), "is no IPv4 address"),
        (TypeId::of::<Ipv6Addr>(), "is no IPv6 address"),
        (TypeId::of::<SocketAddr>(), "is no IP address with a port"),
        (
            TypeId::of::<SocketAddrV4>(),
            "is no IPv4 address with a port",
        ),
        (
            TypeId::of::<SocketAddrV6>(),
            "is no IPv6 address with a port",
        ),
    ];
    let mut others = others.into_iter();
    let (_, fault) = others.find(|(ty, _)| *ty == asked)?;
    Some(fault.to_owned())
}

/// The range is of interest only to those who wrote a whole number.
fn no_whole_number(text: &str, least: impl Display, most: impl Display, but: &str) -> String {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("is no whole number from {least} to {most}{but}")
    } else {
        "is no whole number".to_owned()
    }
}
