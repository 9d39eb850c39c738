//! A response, and the reading of its body.

use bytes::Bytes;
use cvtplugin::{Code, Error, Result};
use reqwest::StatusCode;
use reqwest::header::{AsHeaderName, HeaderMap};
use url::Url;

use crate::body::{Body, Encoding};
use crate::errors::{Place, describe, root_cause};
use crate::limit::Limit;

/// The response to a [`Request`](crate::Request): its head, with the body still to come.
#[derive(Debug)]
pub struct Response {
    inner: reqwest::Response,
    limit: Limit,
    place: Place,
}

impl Response {
    pub(crate) fn new(inner: reqwest::Response, limit: Limit, place: Place) -> Self {
        Self {
            inner,
            limit,
            place,
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// The value of a header, if it is there, is text, and is not empty.
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        let value = self.headers().get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The URL that sent it, after all redirects.
    pub fn url(&self) -> &Url {
        self.inner.url()
    }

    /// Goes on with a 2xx, and makes an error of any other status, with the code that `code_of`
    /// gives it.
    ///
    /// # Errors
    ///
    /// Returns an error that names the host and the status.
    pub fn success(self, code_of: impl FnOnce(StatusCode) -> Code) -> Result<Self> {
        if self.status().is_success() {
            return Ok(self);
        }
        Err(self.error(code_of(self.status())))
    }

    /// An error about this response's status.
    pub fn error(&self, code: Code) -> Error {
        let place = self.place.of(self.url());
        Error::new(
            code,
            format!("{place} responded {}", describe(self.status())),
        )
    }

    /// Reads the whole body, decompressed.
    ///
    /// # Errors
    ///
    /// Returns [`Code::ResourceExhausted`] if it is longer than `limit` bytes,
    /// [`Code::DeadlineExceeded`] if it takes too long, and [`Code::Unavailable`] if it is cut
    /// off, damaged, or in an encoding that was not asked for.
    pub async fn bytes(mut self, limit: u64) -> Result<Bytes> {
        let url = self.url().clone();
        let host = Place::Host.of(&url);
        let encoding = Encoding::of(self.headers(), &host)?;
        let mut body = Body::new(encoding, limit, &host);
        body.expect(self.inner.content_length())?;
        while let Some(chunk) = self.chunk(&url, &host).await? {
            body.push(&chunk)?;
        }
        body.finish()
    }

    async fn chunk(&mut self, url: &Url, host: &str) -> Result<Option<Bytes>> {
        let chunk = self.limit.apply(url, self.inner.chunk()).await?;
        chunk.map_err(|error| {
            let cause = root_cause(&error);
            Error::unavailable(format!("the response of {host} broke off: {cause}"))
        })
    }
}
