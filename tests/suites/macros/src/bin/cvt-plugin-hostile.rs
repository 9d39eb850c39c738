//! No prelude, and every name that the expansion could lean on taken by something else.

// The handlers here do nothing with what they are given.
#![allow(clippy::unnecessary_wraps, clippy::unused_async, clippy::unused_self)]
#![no_implicit_prelude]

use ::cvtplugin::cvt_plugin;

mod std {}
mod core {}
mod alloc {}
mod tonic {}
mod tokio {}
mod cvtplugin {}

struct Result;
struct Option;
struct Arc;
struct String;
struct Context;
struct Plugin;
struct Rpc;
struct From;
struct Send;
struct Sync;
struct Future;
struct Adapter;
fn ok() {}
use self::ok as Ok;
use self::ok as Err;
use self::ok as Some;
use self::ok as None;

#[allow(non_camel_case_types)]
struct str;

#[allow(unused_macros)]
macro_rules! env {
    ($($tokens:tt)*) => {
        wrong
    };
}
#[allow(unused_macros)]
macro_rules! compile_error {
    ($($tokens:tt)*) => {
        wrong
    };
}

struct Hostile {
    first: (Result, Option, Arc, String, Context, Plugin),
    second: (Rpc, From, Send, Sync, Future, Adapter, str),
}

#[cvt_plugin(secrets())]
impl Hostile {
    fn new() -> Self {
        Ok();
        Err();
        Some();
        None();
        Self {
            first: (Result, Option, Arc, String, Context, Plugin),
            second: (Rpc, From, Send, Sync, Future, Adapter, str),
        }
    }

    async fn set_config(
        &self,
        _: ::std::string::String,
        _: ::cvtplugin::SecretString,
    ) -> ::cvtplugin::Result<()> {
        ::std::result::Result::Ok(())
    }

    fn health(&self) -> ::cvtplugin::Health {
        let _ = (&self.first, &self.second);
        ::cvtplugin::Health::Serving
    }

    async fn shutdown(&self) {}

    async fn fetch_schema(
        &self,
        _: ::cvtplugin::Context,
        _: ::cvtplugin::pb::registry::v1::FetchSchemaRequest,
    ) -> ::cvtplugin::Result<::cvtplugin::pb::registry::v1::FetchSchemaResponse> {
        ::std::result::Result::Err(::cvtplugin::Error::not_found("nothing here"))
    }

    fn register_consumer_usage(
        &self,
        _: ::cvtplugin::pb::registry::v1::RegisterConsumerUsageRequest,
    ) -> ::cvtplugin::Result<()> {
        ::std::result::Result::Ok(())
    }

    fn on_validation_failed(
        &self,
        _: ::cvtplugin::pb::events::v1::ValidationFailedRequest,
    ) -> ::cvtplugin::Result<()> {
        ::std::result::Result::Ok(())
    }
}
