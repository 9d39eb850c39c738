//! A plugin without the macro, with a typed config. It fails every call with what it is configured
//! with.

use std::process::ExitCode;
use std::sync::Arc;

use cvtplugin::prelude::*;
use cvtplugin::{EventHandler, PluginInfo, Server, TypedConfig};

#[derive(PluginConfig)]
struct BellConfig {
    /// Where to ring.
    #[config(example = "http://localhost/bell")]
    url: String,
    /// Sent along.
    token: Option<SecretString>,
    /// How often to ring.
    #[config(default = 1)]
    times: u8,
}

struct Bell(Arc<TypedConfig<BellConfig>>);

impl EventHandler for Bell {
    async fn on_validation_failed(
        &self,
        _: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        let config = self.0.get()?;
        let BellConfig { url, token, times } = &*config;
        Err(Error::aborted(format!("{url}, {token:?}, {times} times")))
    }
}

fn main() -> ExitCode {
    let config = Arc::new(TypedConfig::new());
    Server::new(PluginInfo::new("without-macro", "0.1.0"))
        .config_receiver(config.clone())
        .events(Arc::new(Bell(config)))
        .serve()
}
