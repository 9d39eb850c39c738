//! No prelude, and every name that the expansion could lean on taken by something else.
#![no_implicit_prelude]
#![deny(warnings, clippy::pedantic, missing_docs)]

use ::cvtplugin::PluginConfig;

mod std {}
mod core {}
mod cvtplugin {}

#[allow(dead_code)]
struct Result;
#[allow(dead_code)]
struct String;
#[allow(dead_code)]
struct ConfigKey;
#[allow(dead_code)]
struct ConfigValues;
#[allow(dead_code)]
struct Field;
#[allow(dead_code)]
struct Reader;
#[allow(dead_code)]
fn ok() {}
#[allow(unused_imports)]
use self::ok as Ok;
#[allow(unused_imports)]
use self::ok as Err;
#[allow(unused_imports)]
use self::ok as Some;
#[allow(unused_imports)]
use self::ok as None;
#[allow(unused_imports)]
use self::ok as drop;

#[allow(non_camel_case_types, dead_code)]
struct str;

const TIMEOUT: u64 = 30;

/// All that a field may be.
#[derive(PluginConfig)]
#[config(crate = "::cvtplugin")]
pub struct Hostile {
    /// Read by its type.
    #[config(default = 10)]
    pub number: u64,
    /// Computed.
    #[config(default = TIMEOUT)]
    pub constant: u64,
    /// Typed.
    #[config(default = "1s")]
    pub timeout: ::std::time::Duration,
    /// Optional, and not for long.
    #[deprecated]
    pub name: ::std::option::Option<::std::string::String>,
    /// Required.
    #[config(example = "a, b")]
    pub list: ::std::vec::Vec<::std::string::String>,
    /// Secret.
    #[config(secret)]
    pub token: ::cvtplugin::SecretString,
    /// Read by a function.
    #[config(parse_with = number, default = "4")]
    pub length: usize,
    /// Read by a function, perhaps.
    #[config(parse_with = number)]
    pub other: ::std::option::Option<usize>,
}

fn number(text: &::std::primitive::str) -> ::std::result::Result<usize, ::std::num::ParseIntError> {
    text.parse()
}
