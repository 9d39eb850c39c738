//! Plugins whose `--config` has something to it.

use std::sync::Arc;
use std::time::Duration;

use cvtplugin::prelude::*;
use cvtplugin::{EventHandler, PluginInfo, Server, TypedConfig};

/// An event, and no config.
#[derive(Default)]
pub struct Hello;

#[cvt_plugin(name = "hello", version = "0.1.0", main = false)]
impl Hello {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

/// Secrets of every kind, two of which differ only in what no variable may hold.
#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
pub struct VaultConfig {
    /// Opens the vault.
    token: SecretString,
    #[config(rename = "spare-token")]
    spare: SecretString,
    spare_token: Option<SecretString>,
    /// Opens single drawers.
    drawers: Option<Vec<SecretString>>,
}

/// Half a registry.
pub struct Vault;

#[cvt_plugin(
    name = "vault",
    version = "2.0.0-rc.1",
    main = false,
    opt_out(register_consumer_usage)
)]
impl Vault {
    fn new(_: VaultConfig) -> Self {
        Self
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }

    async fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }
}

const TIMEOUT: Duration = Duration::from_secs(90);

/// Values that YAML would take for something else, and docs of several lines.
#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
pub struct LettersConfig {
    /// What a letter begins with.
    ///
    /// - `Dear all`: the name is never asked for
    /// - anything else: {name} is
    ///
    /// Mind the comma: it is part of it.
    #[config(example = "Dear \"all\": # hello, 'you'")]
    greeting: String,
    /// How many there are.
    #[config(example = 10)]
    number: u8,
    /// Whether they are sent.
    #[config(example = "yes")]
    sent: String,
    #[config(example = "first\nsecond")]
    lines: String,
    #[doc = "On two lines\rfor whoever\u{2028}reads YAML."]
    #[config(example = "tab\tnext\u{85}line \u{1f47b}")]
    strange: String,
    /// How long they take.
    #[config(default = TIMEOUT)]
    timeout: Duration,
    #[config(default = "a, b")]
    copies: Vec<String>,
    #[config(default = "")]
    postscript: String,
    /// Who signs, if anybody does: not a variable, as long as it is a comment.
    #[config(example = "${USER}")]
    signature: Option<String>,
    /// Nobody says what it could be.
    stamp: Option<u32>,
}

/// A whole registry.
pub struct Letters;

#[cvt_plugin(name = "l", version = "0.1.0", main = false)]
impl Letters {
    fn new(_: LettersConfig) -> Self {
        Self
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }

    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }
}

/// Keys that YAML takes for something else.
#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
pub struct NullConfig {
    #[config(example = "null")]
    null: String,
    r#true: Option<SecretString>,
    no: SecretString,
    #[config(default = "~")]
    size: String,
}

struct Bell;

impl EventHandler for Bell {}

/// A plugin without the macro, whose name is YAML's for nothing.
pub fn without_macro() -> Server {
    Server::new(PluginInfo::new("null", "0.1.0"))
        .config_receiver(Arc::new(TypedConfig::<NullConfig>::new()))
        .events(Arc::new(Bell))
}
