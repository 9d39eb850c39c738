//! What operators may write for Rust's own types.

use std::any::TypeId;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize};

/// What is expected instead of `text`, such as `a number`, if `T` is one of those types.
pub(super) fn expected<T: 'static>(text: &str) -> Option<String> {
    let asked = TypeId::of::<T>();
    macro_rules! whole_numbers {
        ($($whole:ident)*, $but:literal) => {$(
            if asked == TypeId::of::<$whole>() {
                return Some(whole_number(text, $whole::MIN, $whole::MAX, $but));
            }
        )*};
    }
    whole_numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize, "");
    whole_numbers!(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize, "");
    whole_numbers!(NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize, " except 0");
    let others = [
        (TypeId::of::<f32>(), "a number"),
        (TypeId::of::<f64>(), "a number"),
        (TypeId::of::<bool>(), "true or false"),
        (TypeId::of::<char>(), "a single character"),
        (TypeId::of::<IpAddr>(), "an IP address"),
        (TypeId::of::<Ipv4Addr>(), "an IPv4 address"),
        (TypeId::of::<Ipv6Addr>(), "an IPv6 address"),
        (TypeId::of::<SocketAddr>(), "an IP address with a port"),
        (TypeId::of::<SocketAddrV4>(), "an IPv4 address with a port"),
        (TypeId::of::<SocketAddrV6>(), "an IPv6 address with a port"),
    ];
    let mut others = others.into_iter();
    let (_, expected) = others.find(|(ty, _)| *ty == asked)?;
    Some(expected.to_owned())
}

/// The range is of interest only to those who wrote a whole number.
fn whole_number(text: &str, least: impl Display, most: impl Display, but: &str) -> String {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("a whole number from {least} to {most}{but}")
    } else {
        "a whole number".to_owned()
    }
}
