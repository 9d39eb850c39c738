//! Runs a plugin inside a test, without a process.
//!
//! A [`Harness`] serves the plugin as its own `main` would, over a connection in memory. Config is
//! delivered key by key and validated, calls pass through gRPC with their deadlines, panics and
//! codes, and what is logged arrives as the records that CVT would read.
//!
//! ```
//! use cvtplugin::prelude::*;
//! use cvtplugin::testing::Harness;
//!
//! #[derive(PluginConfig)]
//! struct BellConfig {
//!     /// How often to ring.
//!     #[config(default = 1)]
//!     times: usize,
//! }
//!
//! struct Bell(BellConfig);
//!
//! #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
//! impl Bell {
//!     fn new(config: BellConfig) -> Self {
//!         Self(config)
//!     }
//!
//!     async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
//!         tracing::warn!(schema = event.schema_id, "{}", "ding ".repeat(self.0.times));
//!         Ok(())
//!     }
//! }
//!
//! # /*
//! #[tokio::test]
//! # */
//! # #[tokio::main(flavor = "current_thread")]
//! # async
//! # fn main() { rings_as_often_as_configured().await }
//! async fn rings_as_often_as_configured() {
//!     let bell = Harness::plugin::<Bell>().config("times", "2").start().await.unwrap();
//!     let event = ValidationFailedRequest::new("petstore", "GET", "/pets");
//!     bell.on_validation_failed(event).await.unwrap();
//!     let record = bell.captured().log(|record| record.message == "ding ding ").await;
//!     assert_eq!(record.fields["schema"], "petstore");
//! }
//! ```
//!
//! # What it captures
//!
//! Everything that is logged on the plugin's threads, from trace up and including panics, whatever
//! other tests run in the same process. A test that panics prints it, and so does a plugin that
//! fails to start. The log of threads that the plugin starts itself, other than by
//! `tokio::task::spawn_blocking`, is not captured.
//!
//! What a plugin prints belongs to the process, and so to all of its tests: it is part of the output
//! that cargo shows for a failed test. To test it, launch the built binary with a
//! [`Host`](crate::host::Host) and a [`Capture`].
//!
//! # Without `#[tokio::test]`
//!
//! ```
//! # use cvtplugin::prelude::*;
//! use cvtplugin::testing::{Harness, block_on};
//! # #[derive(Default)]
//! # struct Bell;
//! # #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
//! # impl Bell {
//! #     async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
//! #         Ok(())
//! #     }
//! # }
//!
//! # /*
//! #[test]
//! # */
//! fn rings() {
//!     block_on(async {
//!         let bell = Harness::plugin::<Bell>().start().await.unwrap();
//!         bell.on_validation_failed(ValidationFailedRequest::default()).await.unwrap();
//!     });
//! }
//! # rings();
//! ```

mod harness;
mod plugin;
mod scope;

pub use crate::host::{Capture, LaunchError, Request};
pub use harness::Harness;
pub use plugin::TestPlugin;

/// Runs a future to completion, for tests without a runtime.
///
/// # Panics
///
/// Inside a runtime, which must not be blocked: await the future there instead.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a system that runs tests has room for a runtime")
        .block_on(future)
}
