//! A request, from its making to its response.

use std::time::Instant;

use cvtplugin::{ExposeSecret as _, Result, ResultExt as _, SecretString};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use tokio::time::sleep;
use url::Url;

use crate::errors::{Place, no_response};
use crate::limit::Limit;
use crate::redirects::METHOD;
use crate::{Response, Retry};

/// A request that is being made. Nothing happens before [`send`](Self::send).
#[derive(Debug)]
#[must_use = "nothing is sent until `send` is called"]
pub struct Request {
    client: Client,
    builder: RequestBuilder,
    bearer: Option<HeaderValue>,
    retry: Retry,
    limit: Limit,
    url: Url,
    place: Place,
}

impl Request {
    pub(crate) fn new(client: &Client, place: Place, method: Method, url: Url) -> Self {
        let retry = if method.is_safe() {
            Retry::OnFailure
        } else {
            Retry::OnRejection
        };
        let builder = client.request(method, url.clone());
        Self {
            client: client.clone(),
            builder: builder.header(ACCEPT_ENCODING, "gzip"),
            bearer: None,
            retry,
            limit: Limit::new(None),
            url,
            place,
        }
    }

    /// Adds headers; one that is there already is replaced.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.builder = self.builder.headers(headers);
        self
    }

    /// Sends `token` as `Authorization: Bearer`, in the place of a user and password in the URL.
    ///
    /// # Errors
    ///
    /// Returns [`Code::InvalidArgument`](cvtplugin::Code::InvalidArgument) if the token has a
    /// character that no header can carry.
    pub fn bearer(mut self, token: &SecretString) -> Result<Self> {
        let value = format!("Bearer {}", token.expose_secret());
        let value = HeaderValue::try_from(value);
        let mut value = value.invalid_argument("no header can carry the token")?;
        value.set_sensitive(true);
        self.bearer = Some(value);
        Ok(self)
    }

    /// Sets the body, and its content type.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    /// Sets after what the request is sent again. The default is [`Retry::OnFailure`] for GET and
    /// its like, [`Retry::OnRejection`] for all others.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets when the request ends, with its retries and the reading of its body: usually
    /// [`Context::deadline`](cvtplugin::Context::deadline).
    pub fn deadline(mut self, deadline: impl Into<Option<Instant>>) -> Self {
        self.limit = Limit::new(deadline.into());
        self
    }

    /// Sends the request, and waits for the head of the response. Any status is a response: see
    /// [`Response::success`].
    ///
    /// # Errors
    ///
    /// Returns [`Code::Unavailable`](cvtplugin::Code::Unavailable) if there is no response,
    /// [`Code::DeadlineExceeded`](cvtplugin::Code::DeadlineExceeded) if there is none in time, and
    /// [`Code::Internal`](cvtplugin::Code::Internal) if the body cannot be serialized.
    pub async fn send(self) -> Result<Response> {
        let Self { limit, place, .. } = self;
        let mut request = self.builder.build().internal("cannot make the request")?;
        if let Some(bearer) = self.bearer {
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        let mut tries = 0;
        loop {
            tries += 1;
            // Its body is in memory, and can be cloned.
            let copy = request.try_clone().internal("cannot repeat the request")?;
            let sent = METHOD.scope(request.method().clone(), self.client.execute(copy));
            let outcome = limit.apply(&self.url, sent).await?;
            match self.retry.pause(&outcome, tries) {
                Some(pause) if limit.leaves_room_for(pause) => sleep(pause).await,
                _ => {
                    let response = outcome.map_err(|error| no_response(&self.url, &error))?;
                    return Ok(Response::new(response, limit, place));
                }
            }
        }
    }
}
