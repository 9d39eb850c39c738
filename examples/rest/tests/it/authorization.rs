//! `Authorization`: one header at most.

use cvtplugin_http::testing::HttpServer;

use crate::plugin::{TOKEN, fetch, register, rest};

/// The header that a registry gets of a plugin with this user, if any, and this token.
async fn sent(userinfo: &str, token: &str) -> Option<String> {
    let registry = HttpServer::responding(200, "{}").await;
    let base_url = format!("http://{userinfo}127.0.0.1:{}", registry.port());
    let host = rest().config("base_url", base_url).config("token", token);
    let plugin = host.launch().await.expect("launched");
    fetch(&plugin, "petstore").await.expect("a schema");
    register(&plugin).await.expect("registered");
    let received = registry.received();
    let headers = received.iter().map(|it| it.header("authorization"));
    let headers: Vec<_> = headers.collect();
    assert_eq!(headers[0], headers[1]);
    headers[0].map(str::to_owned)
}

#[tokio::test]
async fn token_is_sent_as_bearer() {
    assert_eq!(sent("", TOKEN).await, Some(format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn token_missing_sends_no_authorization() {
    assert_eq!(sent("", "").await, None);
}

#[tokio::test]
async fn userinfo_is_sent_as_basic() {
    let basic = sent("me:pa%20ss@", "").await;
    assert_eq!(basic.as_deref(), Some("Basic bWU6cGEgc3M="));
}

#[tokio::test]
async fn token_wins_over_userinfo() {
    let bearer = sent("me:pass@", TOKEN).await;
    assert_eq!(bearer, Some(format!("Bearer {TOKEN}")));
}
