//! The HTTP client for [`cvtplugin`] plugins: [reqwest], set up so that the usual mistakes of a
//! plugin that talks to an HTTP API cannot happen.
//!
//! ```no_run
//! use cvtplugin::prelude::*;
//! use cvtplugin_http::{HttpClient, Url, http_url, join_path};
//!
//! #[derive(PluginConfig)]
//! struct RegistryConfig {
//!     /// Base URL of the registry.
//!     #[config(example = "https://registry.example.com", parse_with = http_url)]
//!     base_url: Url,
//! }
//!
//! struct Registry {
//!     http: HttpClient,
//!     base_url: Url,
//! }
//!
//! impl Registry {
//!     fn new(config: RegistryConfig) -> Result<Self> {
//!         let http = HttpClient::builder("cvt-plugin-registry/0.1.0").build()?;
//!         Ok(Self { http, base_url: config.base_url })
//!     }
//!
//!     async fn fetch(&self, ctx: &Context, id: &str) -> Result<FetchSchemaResponse> {
//!         let url = join_path(&self.base_url, ["schemas", id])?;
//!         let response = self.http.get(url).deadline(ctx.deadline()).send().await?;
//!         let response = response.success(|status| match status.as_u16() {
//!             404 => Code::NotFound,
//!             400..=499 => Code::InvalidArgument,
//!             _ => Code::Unavailable,
//!         })?;
//!         Ok(FetchSchemaResponse::new(response.bytes(50 * 1024 * 1024).await?))
//!     }
//! }
//! ```
//!
//! # What it takes care of
//!
//! | concern | what happens |
//! | --- | --- |
//! | deadline | everything a request does, retries and their pauses included, ends a moment before the call's deadline, with an error that names the host |
//! | retries | once after a failure, and as often as a `Retry-After` fits into the deadline: see [`Retry`] |
//! | TLS | rustls with the system's certificates, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`; those that cannot be read are warned of |
//! | redirects | up to 10; credentials stay at their origin, there is no `Referer`, and a request with a body is never turned into a GET |
//! | bodies | at most as long as [`Response::bytes`] is told, decompressed; one that is cut off, or in an encoding that was not asked for, is an error |
//! | credentials | one `Authorization` header: a bearer token wins over a user and password in the URL |
//! | proxies | `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, read as Go reads them |
//! | errors | have a gRPC code, and name the host, the status and the cause, but no query, password or (unless [asked for](HttpClientBuilder::paths_in_errors)) path |
//!
//! The feature `testing` adds the module `testing`, with an HTTP server for tests.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod client;
mod errors;
mod limit;
mod path;
mod proxy;
mod redirects;
mod request;
mod response;
mod retry;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;

pub use client::{HttpClient, HttpClientBuilder};
pub use errors::NoResponse;
pub use path::{http_url, join_path};
pub use request::Request;
pub use reqwest::{Method, StatusCode, header};
pub use response::Response;
pub use retry::Retry;
pub use url::Url;
