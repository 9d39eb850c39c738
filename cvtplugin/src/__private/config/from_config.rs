//! How a value is read from text.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::{InvalidValue, ValueType};

/// What can be read from text. `M` says how, and is inferred.
#[diagnostic::on_unimplemented(
    message = "a config value cannot be read as `{Self}`",
    label = "cannot be read from text",
    note = "a field may be of any type with `FromStr` whose error is `Display`, or a `Duration`, a \
            `SecretString`, or an `Option` or `Vec` of those",
    note = "or name a function that reads it: `#[config(parse_with = path::to::function)]`, with \
            `fn(&str) -> Result<{Self}, E>`",
    note = "CVT's config has no levels: the fields of a struct with keys of its own go here, beside \
            the others"
)]
pub trait FromConfig<M>: Sized {
    /// What the field is without a value, if it may do without.
    const UNSET: Option<fn() -> Self> = None;
    /// Whether the value may never be shown.
    const SECRET: bool = false;
    /// Whether the value is several, between commas.
    const LIST: bool = false;

    /// What the value is, or each of several.
    fn value_type() -> ValueType {
        ValueType::Text
    }

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>>;
}

pub struct ViaFromStr;

#[diagnostic::do_not_recommend]
impl<T> FromConfig<ViaFromStr> for T
where
    T: FromStr<Err: Display + 'static> + 'static,
{
    fn value_type() -> ValueType {
        ValueType::of::<T>()
    }

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>> {
        text.parse()
            .map_err(|error| InvalidValue::of::<T>(text, error))
    }
}

pub struct ViaDuration;

#[diagnostic::do_not_recommend]
impl FromConfig<ViaDuration> for Duration {
    fn value_type() -> ValueType {
        ValueType::Duration
    }

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>> {
        humantime::parse_duration(text)
            .map_err(|error| InvalidValue::new(text, "a duration", error))
    }
}

pub struct ViaSecret;

#[diagnostic::do_not_recommend]
impl FromConfig<ViaSecret> for SecretString {
    const SECRET: bool = true;

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>> {
        Ok(text.into())
    }
}

pub struct ViaOption<M>(PhantomData<M>);

#[diagnostic::do_not_recommend]
impl<T: FromConfig<M>, M> FromConfig<ViaOption<M>> for Option<T> {
    const UNSET: Option<fn() -> Self> = Some(|| None);
    const SECRET: bool = T::SECRET;
    const LIST: bool = T::LIST;

    fn value_type() -> ValueType {
        T::value_type()
    }

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>> {
        T::from_config(text).map(Some)
    }
}

pub struct ViaList<M>(PhantomData<M>);

/// Comma separated.
#[diagnostic::do_not_recommend]
impl<T: FromConfig<M>, M> FromConfig<ViaList<M>> for Vec<T> {
    const SECRET: bool = T::SECRET;
    const LIST: bool = true;

    fn value_type() -> ValueType {
        T::value_type()
    }

    fn from_config(text: &str) -> Result<Self, InvalidValue<'_>> {
        let items = text.split(',').map(str::trim);
        items
            .filter(|item| !item.is_empty())
            .map(T::from_config)
            .collect()
    }
}
