//! What may be sent to and shared with other threads: checked when this compiles.

use cvtplugin::host::{Capture, Client, Exit, Host, LaunchError, Request, RunningPlugin};
use cvtplugin::pb::{events, handshake, registry};
use cvtplugin::testing::{Harness, TestPlugin};
use cvtplugin::{
    Code, ConfigKey, ConfigValues, Context, Error, Health, LogRecord, PluginInfo, Rpc,
    RuntimeOptions, Server, Tasks, TypedConfig,
};

const fn send<T: Send>() {}

const fn send_and_sync<T: Send + Sync + 'static>() {}

const _: () = {
    send_and_sync::<Code>();
    send_and_sync::<ConfigKey>();
    send_and_sync::<ConfigValues>();
    send_and_sync::<Context>();
    send_and_sync::<Error>();
    send_and_sync::<Health>();
    send_and_sync::<LogRecord>();
    send_and_sync::<PluginInfo>();
    send_and_sync::<Rpc>();
    send_and_sync::<RuntimeOptions>();
    send_and_sync::<Tasks>();
    send_and_sync::<TypedConfig<()>>();
    send::<Server>();
};

const _: () = {
    send_and_sync::<Capture>();
    send_and_sync::<Client>();
    send_and_sync::<Exit>();
    send_and_sync::<Host>();
    send_and_sync::<LaunchError>();
    send_and_sync::<Request<registry::v1::FetchSchemaRequest>>();
    send_and_sync::<RunningPlugin>();
    send_and_sync::<TestPlugin>();
    send::<Harness>();
};

const _: () = {
    send_and_sync::<events::v1::ValidationFailedRequest>();
    send_and_sync::<handshake::v1::InfoResponse>();
    send_and_sync::<registry::v1::FetchSchemaResponse>();
};
