//! Slack's incoming webhook.

use std::error::Error as _;
use std::time::Instant;

use cvtplugin::prelude::*;
use cvtplugin_http::{HttpClient, NoResponse, Response, Url, http_url};
use serde_json::Value;

pub(crate) struct Webhook {
    http: HttpClient,
    url: Url,
}

/// Why Slack has not accepted a message.
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// The message may have got there all the same.
    pub(crate) may_be_sent: bool,
}

impl Webhook {
    pub(crate) fn new(url: &SecretString) -> Result<Self> {
        let http = HttpClient::builder(concat!("cvt-plugin-slack/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            http: http.build()?,
            url: http_url(url.expose_secret()).failed_precondition("webhook_url")?,
        })
    }

    /// Posts a message, again if Slack is busy and there is time.
    pub(crate) async fn post(&self, body: &Value, end: Option<Instant>) -> Result<(), Failure> {
        let post = self.http.post(self.url.clone()).json(body).deadline(end);
        let response = post.send().await.map_err(Failure::without_response)?;
        let code = match response.status().as_u16() {
            200..=299 => return Ok(()),
            429 => Code::ResourceExhausted,
            _ => Code::Unavailable,
        };
        Err(Failure {
            error: refusal(response, code).await,
            may_be_sent: false,
        })
    }
}

impl Failure {
    fn without_response(error: Error) -> Self {
        let why = error
            .source()
            .and_then(|it| it.downcast_ref::<NoResponse>());
        Self {
            may_be_sent: why.is_none_or(NoResponse::may_be_sent),
            error,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// Slack says in a word what it does not like, such as `channel_not_found`.
async fn refusal(response: Response, code: Code) -> Error {
    let error = response.error(code);
    let body = response.bytes(100).await.unwrap_or_default();
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    if body.is_empty() || !body.iter().all(is_word) {
        return error;
    }
    error.with_source(String::from_utf8_lossy(&body).into_owned())
}
