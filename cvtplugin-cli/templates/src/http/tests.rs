//! The plugin inside a test: no process, and yet real calls, config rules and HTTP requests.

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, TestPlugin};
use cvtplugin_http::testing::{HttpServer, Received, Reply, respond};

use crate::Plugin;

/// The plugin, and a service that responds like this.
async fn start(
    service: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> Result<(TestPlugin, HttpServer), BoxError> {
    let server = HttpServer::start(move |_, request| Some(service(request))).await;
    let harness = Harness::plugin::<Plugin>().config("base_url", server.url(""));
    Ok((harness.config("token", "t0ken").start().await?, server))
}
