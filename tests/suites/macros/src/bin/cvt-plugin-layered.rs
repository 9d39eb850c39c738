//! A plugin with layers of its own beside the log to the host. The environment variable `LAYERS`
//! says what the function that makes them does, and `LAYERS_FILE` where they write.

// The handlers here do nothing with what they are given.
#![allow(clippy::unused_async, clippy::unused_self)]

use std::env;
use std::fs::OpenOptions;
use std::sync::{Arc, Mutex};
use std::thread;

use cvtplugin::prelude::*;
use cvtplugin::{EventHandler, PluginInfo, Server};
use tokio::sync::Notify;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

static BUILT: Notify = Notify::const_new();

#[derive(PluginConfig)]
struct LayeredConfig {
    /// Logged, which it should not be.
    token: Option<SecretString>,
}

struct Layered {
    token: Option<SecretString>,
}

#[cvt_plugin(name = "layered", main = false, layers = telemetry)]
impl Layered {
    fn new(config: LayeredConfig) -> Self {
        tracing::info!("built");
        BUILT.notify_one();
        Self {
            token: config.token,
        }
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        let token = self.token.as_ref().map(ExposeSecret::expose_secret);
        tracing::info!(token, "at info: {}", event.schema_id);
        tracing::debug!("at debug: {}", event.schema_id);
        Ok(())
    }
}

/// The plugin without the macro.
struct Handler(Arc<Layered>);

impl EventHandler for Handler {
    async fn on_validation_failed(
        &self,
        _: Context,
        event: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        self.0.on_validation_failed(event).await?;
        Ok(EventResponse::new(true))
    }
}

fn telemetry() -> impl Layer<Registry> + Send + Sync {
    tracing::info!("making layers");
    match env::var("LAYERS").unwrap_or_default().as_str() {
        "panic" => panic!("no exporter"),
        "hang" => loop {
            thread::park();
        },
        "set a global subscriber" => {
            let subscriber = tracing_subscriber::registry().with(to_file());
            tracing::subscriber::set_global_default(subscriber).expect("there is none yet");
        }
        _ => {}
    }
    // An exporter may have work to do in the runtime.
    tokio::spawn(async {
        BUILT.notified().await;
        tracing::info!("exporting");
    });
    to_file().with_filter(LevelFilter::DEBUG)
}

fn to_file<S>() -> impl Layer<S> + Send + Sync
where
    S: tracing::Subscriber + for<'span> tracing_subscriber::registry::LookupSpan<'span>,
{
    let path = env::var_os("LAYERS_FILE").expect("the test says where");
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = Mutex::new(file.expect("a file"));
    tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(file)
}

fn main() -> std::process::ExitCode {
    let info = || PluginInfo::new("layered", "0.1.0");
    let build = |config: LayeredConfig, _| async { Ok(Layered::new(config)) };
    match env::var("SERVED").as_deref() {
        Ok("without the macro") => Server::configured(info(), build)
            .layers(telemetry)
            .events(Handler)
            .serve(),
        _ => cvtplugin::serve::<Layered>(),
    }
}
