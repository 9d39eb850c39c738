//! A plugin without the macro: a registry that responds with its config. The environment variable
//! `SERVED` says how it is served, and `SHOP_LOG` where its own subscriber writes.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use cvtplugin::prelude::*;
use cvtplugin::{ConfigReceiver, PluginInfo, RegistryProvider, Server};
use tracing::Subscriber;

#[derive(Default)]
struct Shop {
    config: Mutex<BTreeMap<String, String>>,
}

impl RegistryProvider for Shop {
    async fn fetch_schema(
        &self,
        _: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        tracing::info!(id = request.schema_id, "asked");
        let config = self.config.lock().expect("nobody panicked");
        let value = config.get(&request.schema_id).cloned();
        Ok(FetchSchemaResponse::new(value.not_found("not sold here")?))
    }

    async fn register_consumer_usage(
        &self,
        _: Context,
        usage: RegisterConsumerUsageRequest,
    ) -> Result<RegisterConsumerUsageResponse> {
        Ok(RegisterConsumerUsageResponse::new(
            usage.consumer_id != "thief",
        ))
    }
}

impl ConfigReceiver for Shop {
    async fn set_config(&self, _: Context, key: String, value: SecretString) -> Result<()> {
        if key == "reject" {
            return Err(Error::invalid_argument(format!(
                "rejected: {}",
                value.expose_secret()
            )));
        }
        let mut config = self.config.lock().expect("nobody panicked");
        config.insert(key, value.expose_secret().to_owned());
        Ok(())
    }
}

fn main() -> ExitCode {
    let shop = Arc::new(Shop::default());
    let server = Server::new(PluginInfo::new("shop", "0.1.0"))
        .registry(shop.clone())
        .config_receiver(shop);
    match env::var("SERVED").as_deref() {
        Ok("with a logger") => server.logger(own_subscriber()).serve(),
        Ok("after a subscriber") => {
            set_global(own_subscriber());
            server.serve()
        }
        Ok("with a logger after a subscriber") => {
            set_global(own_subscriber());
            server
                .logger(tracing::subscriber::NoSubscriber::new())
                .serve()
        }
        Ok("on a thread of a runtime") => {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async { server.serve() })
        }
        Ok("on the thread of a runtime") => {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime
                .expect("a runtime")
                .block_on(async { server.serve() })
        }
        _ => server.serve(),
    }
}

fn own_subscriber() -> impl Subscriber + Send + Sync {
    let path = env::var_os("SHOP_LOG").expect("SHOP_LOG is set");
    let file = File::create(path).expect("the file can be written");
    let builder = tracing_subscriber::fmt().with_writer(Mutex::new(file));
    builder.with_ansi(false).finish()
}

fn set_global(subscriber: impl Subscriber + Send + Sync) {
    tracing::subscriber::set_global_default(subscriber).expect("it is the first");
}
