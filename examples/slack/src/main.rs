//! Alerts in Slack about what CVT finds.

mod dedup;
mod markup;
mod message;
mod outbox;
mod webhook;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cvtplugin::Server;
use cvtplugin::prelude::*;
use cvtplugin_http::http_url;
use serde_json::json;

use crate::dedup::Dedup;
use crate::outbox::Outbox;
use crate::webhook::Webhook;

#[derive(PluginConfig)]
struct SlackConfig {
    /// URL of the incoming webhook that alerts are posted to.
    #[config(parse_with = |text| http_url(text).map(|_| text.into()))]
    webhook_url: SecretString,
    /// Channel to post to, if not the webhook's own.
    channel: Option<String>,
    /// Seconds within which the same alert is not posted again; 0 posts all.
    #[config(default = 60)]
    dedup_window_seconds: u64,
    /// File that keeps alerts until Slack has accepted them; unset, they are not kept.
    #[config(parse_with = outbox::path)]
    outbox: Option<PathBuf>,
}

struct Slack {
    webhook: Arc<Webhook>,
    channel: Option<String>,
    dedup: Arc<Dedup>,
    outbox: Option<Outbox>,
}

fn main() -> ExitCode {
    // Early, for the alerts that the outbox has kept.
    Server::early_plugin::<Slack>().serve()
}

#[cvt_plugin(main = false)]
impl Slack {
    fn new(config: SlackConfig) -> Result<Self> {
        let webhook = Arc::new(Webhook::new(&config.webhook_url)?);
        let window = Duration::from_secs(config.dedup_window_seconds);
        let dedup = Arc::new(Dedup::new(window));
        let outbox = config.outbox.as_deref();
        let outbox = outbox.map(|path| Outbox::open(path, webhook.clone(), dedup.clone()));
        Ok(Self {
            webhook,
            channel: config.channel,
            dedup,
            outbox: outbox.transpose()?,
        })
    }

    async fn on_breaking_change_detected(
        &self,
        ctx: Context,
        event: BreakingChangeDetectedRequest,
    ) -> Result<()> {
        let key = json!([event.schema_id, event.old_version, event.new_version]);
        let text = message::breaking_change(&event);
        self.alert(ctx, &key.to_string(), text).await
    }

    async fn on_validation_failed(
        &self,
        ctx: Context,
        event: ValidationFailedRequest,
    ) -> Result<()> {
        let kind = event.errors.first().map(|error| &error.kind);
        let key = json!([event.schema_id, event.method, event.path, kind]);
        let text = message::validation_failure(&event);
        self.alert(ctx, &key.to_string(), text).await
    }

    async fn shutdown(&self) {
        if let Some(outbox) = &self.outbox {
            outbox.close().await;
        }
        self.dedup.log_suppressed();
    }

    /// Posts an alert, unless it was posted within the window. It counts as posted once Slack has
    /// accepted it.
    async fn alert(&self, ctx: Context, key: &str, text: String) -> Result<()> {
        let Some(turn) = self.dedup.enter(key).await else {
            return Ok(());
        };
        let text = message::with_suppressed(text, turn.suppressed());
        let body = match &self.channel {
            Some(channel) => json!({ "text": text, "channel": channel }),
            None => json!({ "text": text }),
        };
        match &self.outbox {
            Some(outbox) => outbox.send(key, body, ctx.deadline()).await?,
            None => self.webhook.post(&body, ctx.deadline()).await?,
        }
        turn.finish();
        Ok(())
    }
}
