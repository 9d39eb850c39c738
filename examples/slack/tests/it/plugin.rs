//! The plugin under a host, and a Slack for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, Received, Reply, respond};
use serde_json::Value;

pub(crate) const SLACK: &str = env!("CARGO_BIN_EXE_cvt-plugin-slack");

/// What is secret of a webhook's URL: its path.
pub(crate) const PATH: &str = "/services/T000/B000/s3cr3t";

/// The plugin, not launched yet, in an environment without proxies.
pub(crate) fn slack(server: &HttpServer) -> Host {
    let host = Host::new(SLACK).env("RUST_BACKTRACE", "0");
    let host = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
        .into_iter()
        .fold(host, |host, name| {
            host.env_remove(name).env_remove(name.to_lowercase())
        });
    host.config("webhook_url", server.url(PATH))
}

pub(crate) async fn launch(server: &HttpServer) -> RunningPlugin {
    slack(server).launch().await.expect("slack launches")
}

/// A Slack that accepts all.
pub(crate) async fn accepting() -> HttpServer {
    HttpServer::responding(200, "ok").await
}

/// A Slack that is told while it runs whether it accepts.
pub(crate) async fn switched() -> (HttpServer, Arc<AtomicBool>) {
    let accepts = Arc::new(AtomicBool::new(false));
    let state = accepts.clone();
    let respond = move |_, _: &_| Some(reply(state.load(Ordering::SeqCst)));
    (HttpServer::start(respond).await, accepts)
}

pub(crate) fn reply(accepts: bool) -> Reply {
    if accepts {
        respond(200, "ok")
    } else {
        respond(500, "rollup_error")
    }
}

pub(crate) fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

pub(crate) fn text(request: &Received) -> String {
    let text = body(request)["text"].as_str().map(str::to_owned);
    text.expect("a text")
}

pub(crate) fn texts(server: &HttpServer) -> Vec<String> {
    server.received().iter().map(text).collect()
}

pub(crate) fn change(schema: &str) -> BreakingChangeDetectedRequest {
    let change = BreakingChange::new("ENDPOINT_REMOVED", "gone");
    BreakingChangeDetectedRequest::new(schema, "1.0.0", "2.0.0")
        .changes([change.method("GET").path("/pets")])
}

/// Sends an event of a breaking change; the error if it was not acknowledged.
pub(crate) async fn send(plugin: &RunningPlugin, schema: &str) -> Result<()> {
    let response = plugin.on_breaking_change_detected(change(schema)).await?;
    assert!(response.acknowledged);
    Ok(())
}
