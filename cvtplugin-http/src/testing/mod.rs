//! An HTTP server on this machine that a test tells what to respond, for tests of plugins that
//! talk to HTTP APIs.
//!
//! ```
//! use cvtplugin_http::HttpClient;
//! use cvtplugin_http::testing::{HttpServer, respond};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), cvtplugin::BoxError> {
//! let server = HttpServer::start(|_, request| match request.target.as_str() {
//!     "/pets" => Some(respond(200, "[]")),
//!     _ => Some(respond(404, "")),
//! })
//! .await;
//! let http = HttpClient::builder("a-test/0.1.0").build()?;
//! let pets = http.get(server.url("/pets").parse()?).send().await?;
//! assert_eq!(pets.bytes(100).await?, "[]");
//! assert_eq!(server.only().header("user-agent"), Some("a-test/0.1.0"));
//! # Ok(())
//! # }
//! ```
//!
//! What goes wrong in here, such as a port that cannot be had, is a panic: it fails the test.

mod reply;
mod server;

pub use reply::{Reply, StreamedBody, respond, respond_with, stream};
pub use server::{HttpServer, Received};
