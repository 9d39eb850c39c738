//! What `#[derive(PluginConfig)]` is made of.
//!
//! A field's type is read from text in one of several ways, and a type parameter that rustc
//! infers says which: without it, the impl for all that is `FromStr` would conflict with those
//! for `Option` and the like.

mod custom;
mod field;
mod fit;
mod from_config;
mod probe;
mod reader;
mod redacts;
mod show;

pub use std::option::Option::Some;
pub use std::result::Result::{Err, Ok};

pub use crate::Result;
pub use crate::config::{ConfigKey, ConfigValues, InvalidValue, PluginConfig, ValueType};

pub use custom::{field_with, parse_with};
pub use field::{Field, Parse, field, list, optional, optional_list};
pub use fit::{Fits, ViaText, ViaValue, fit};
pub use from_config::{FromConfig, ViaDuration, ViaFromStr, ViaList, ViaOption, ViaSecret};
pub use probe::{Boxed, Exposed, NotSecret};
pub use reader::Reader;
pub use redacts::{Redacts, ViaExpose, redacts};
pub use show::{Show, ViaDisplay, show};

pub use super::shared::{SendSync, send};
