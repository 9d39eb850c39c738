//! What operators may write for a value: Rust's own types, which documents describe and errors
//! name.

use std::any::TypeId;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize};
use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize};

/// The type of a value, or of each item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// Any text; whether it is valid, only its parser knows.
    Text,
    /// A whole number in a range.
    WholeNumber(WholeNumber),
    /// A number, whole or not.
    Number,
    /// `true` or `false`.
    Bool,
    /// A single character.
    Character,
    /// A number with a unit of time, or several.
    Duration,
    /// Text of a known form, such as `an IP address`.
    Form(&'static str),
}

/// A range of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WholeNumber {
    pub(crate) least: i128,
    pub(crate) most: u128,
    pub(crate) has_zero: bool,
}

impl ValueType {
    /// What texts of `T` are.
    pub(crate) fn of<T: 'static>() -> Self {
        let asked = TypeId::of::<T>();
        macro_rules! whole_numbers {
            ($($plain:ident $non_zero:ident,)*) => {$(
                let has_zero = asked == TypeId::of::<$plain>();
                if has_zero || asked == TypeId::of::<$non_zero>() {
                    return Self::WholeNumber(WholeNumber {
                        least: i128::try_from($plain::MIN).unwrap_or_default(),
                        most: u128::try_from($plain::MAX).unwrap_or_default(),
                        has_zero,
                    });
                }
            )*};
        }
        whole_numbers! {
            u8 NonZeroU8, u16 NonZeroU16, u32 NonZeroU32, u64 NonZeroU64, u128 NonZeroU128,
            usize NonZeroUsize, i8 NonZeroI8, i16 NonZeroI16, i32 NonZeroI32, i64 NonZeroI64,
            i128 NonZeroI128, isize NonZeroIsize,
        }
        let others = [
            (TypeId::of::<f32>(), Self::Number),
            (TypeId::of::<f64>(), Self::Number),
            (TypeId::of::<bool>(), Self::Bool),
            (TypeId::of::<char>(), Self::Character),
            (TypeId::of::<IpAddr>(), Self::Form("an IP address")),
            (TypeId::of::<Ipv4Addr>(), Self::Form("an IPv4 address")),
            (TypeId::of::<Ipv6Addr>(), Self::Form("an IPv6 address")),
            (
                TypeId::of::<SocketAddr>(),
                Self::Form("an IP address with a port"),
            ),
            (
                TypeId::of::<SocketAddrV4>(),
                Self::Form("an IPv4 address with a port"),
            ),
            (
                TypeId::of::<SocketAddrV6>(),
                Self::Form("an IPv6 address with a port"),
            ),
        ];
        let mut others = others.into_iter();
        let found = others.find(|(ty, _)| *ty == asked);
        found.map_or(Self::Text, |(_, value_type)| value_type)
    }

    /// What is expected instead of `text`, such as `a number`; `None` if only a parser knows.
    pub(super) fn expected(self, text: &str) -> Option<String> {
        Some(match self {
            Self::Text => return None,
            Self::WholeNumber(range) => range.expected(text),
            Self::Number => "a number".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Character => "a single character".to_owned(),
            Self::Duration => "a duration".to_owned(),
            Self::Form(form) => form.to_owned(),
        })
    }
}

impl WholeNumber {
    /// The range is of interest only to those who wrote a whole number.
    fn expected(self, text: &str) -> String {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return "a whole number".to_owned();
        }
        let Self {
            least,
            most,
            has_zero,
        } = self;
        match (least, has_zero) {
            (0, false) => format!("a whole number from 1 to {most}"),
            (_, true) => format!("a whole number from {least} to {most}"),
            (_, false) => format!("a whole number from {least} to {most} except 0"),
        }
    }
}
