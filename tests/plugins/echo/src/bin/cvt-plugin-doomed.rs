//! The plugin that panics before its handshake line, where `DOOMED` says: in its `info`, or in the
//! logger that its author gave it.

use std::process::ExitCode;

use cvtplugin::__private::Plugin;
use cvtplugin::prelude::*;
use cvtplugin::{NotProvided, PluginInfo, Rpc, Server, Tasks};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

struct Doomed;

impl Plugin for Doomed {
    type Config = ();
    type Registry = NotProvided;
    type Events = NotProvided;

    const RPCS: &'static [Rpc] = &[Rpc::OnValidationFailed];

    fn info() -> PluginInfo {
        assert!(!dooms("info"), "doomed | in info");
        PluginInfo::new("doomed", "0.1.0")
    }

    async fn new((): (), _: Tasks) -> Result<Self> {
        Ok(Self)
    }
}

struct Logger;

impl Subscriber for Logger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        // A second panic, about the record of the first, would be the end.
        assert!(
            event.metadata().target() == "panic",
            "doomed | in the logger"
        );
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn dooms(place: &str) -> bool {
    std::env::var("DOOMED").is_ok_and(|doomed| doomed == place)
}

fn main() -> ExitCode {
    if dooms("logger") {
        Server::plugin::<Doomed>().logger(Logger).serve()
    } else {
        cvtplugin::serve::<Doomed>()
    }
}
