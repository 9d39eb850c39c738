//! The token is the registry's alone.

use cvtplugin::host::{Capture, StdStream};
use cvtplugin::prelude::*;

use crate::plugin::{TOKEN, fetch_error, register, rest};
use cvtplugin_http::testing::{HttpServer, Received, Reply, respond, respond_with};

/// Tells the token to whom it may not, in every way that a registry has.
fn blab(number: usize, seen: &Received) -> Reply {
    let token = seen.header("authorization").unwrap_or_default();
    let token = token.trim_start_matches("Bearer ");
    match number {
        0 => respond(403, format!("{token} may not do this")),
        1 => respond_with(404, [("x-schema-version", token)], "{}"),
        2 => respond_with(
            302,
            [("location", &format!("/{token}?token={token}"))],
            "{}",
        ),
        3 => respond(400, token.to_owned()),
        4 => respond_with(
            302,
            [("location", &format!("http://127.0.0.1:1/{token}"))],
            "{}",
        ),
        5 => respond_with(302, [("location", &format!("ftp://{token}/{token}"))], "{}"),
        _ => respond(500, token.to_owned()),
    }
}

#[tokio::test]
async fn token_is_in_no_log_record_error_or_output() {
    let registry = HttpServer::start(|number, seen| Some(blab(number, seen))).await;
    let captured = Capture::default();
    let loud = "trace,h2=trace,hyper=trace,hyper_util=trace,rustls=trace,tonic=trace,tower=trace";
    let host = rest()
        .env("CVT_PLUGIN_LOG", loud)
        .config("base_url", registry.url(""))
        .config("token", TOKEN)
        .capture(&captured);
    let plugin = host.launch().await.expect("launched");
    let refused = plugin.set_config("token", format!("{TOKEN}\n")).await;
    let mut errors = vec![refused.expect_err("a line break")];
    while registry.received().len() < 7 {
        errors.push(fetch_error(&plugin, "petstore").await);
    }
    errors.push(register(&plugin).await.expect_err("it fails"));
    let unavailable = errors.iter().filter(|it| it.code() == Code::Unavailable);
    assert_eq!(unavailable.count(), 3);
    assert!(plugin.shutdown().await.expect("an exit").is_clean());

    for seen in registry.received() {
        assert!(seen.header("authorization").is_some(), "{seen:?}");
    }
    let mut lines: Vec<_> = errors.iter().map(|error| format!("{error:?}")).collect();
    lines.extend(captured.logs().iter().map(|record| format!("{record:?}")));
    lines.extend([StdStream::Stdout, StdStream::Stderr].map(|of| captured.output(of)));
    for known in ["FetchSchema", "hyper", "responded 403 Forbidden"] {
        assert!(lines.iter().any(|line| line.contains(known)), "{known}");
    }
    let leak = lines.iter().find(|line| line.contains(TOKEN));
    assert_eq!(leak, None);
}
