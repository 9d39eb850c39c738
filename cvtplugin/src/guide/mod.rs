//! The guide: a page for each topic, for what the reference of single items does not say.
//!
//! In reading order:
//!
//! | page | |
//! | --- | --- |
//! | [`first_plugin`] | from an empty directory to a response in five commands |
//! | [`registry`] | provide CVT with schemas, and learn what consumers use |
//! | [`events`] | pass on what CVT finds |
//! | [`config`] | from CVT's strings to a struct of yours |
//! | [`secrets`] | what is kept out of logs, output and errors |
//! | [`errors`] | codes, `?`, and what becomes of an error |
//! | [`deadlines`] | how long a call may take, and what stops when nobody waits |
//! | [`state`] | what calls share, and which threads run them |
//! | [`lifecycle`] | when `new` runs, what a changed config does, and the end |
//! | [`background_work`] | work that belongs to no call |
//! | [`child_processes`] | run other programs |
#![cfg_attr(
    feature = "testing",
    doc = "| [`testing`] | from one handler to the built binary |"
)]
#![cfg_attr(
    not(feature = "testing"),
    doc = "| `testing` | from one handler to the built binary; with the feature `testing` |"
)]
//! | [`logging`] | levels, a log file, other layers, OpenTelemetry |
//! | [`debugging`] | logs, panics, a debugger, gRPC tools |
//! | [`shipping`] | musl, other architectures, checksums, installation |
//! | [`operating`] | for those who run CVT: what goes wrong, what CVT says, what to do |
//! | [`limits`] | how much a plugin takes, holds and waits for |
//! | [`without_macro`] | handlers as traits |
//! | [`from_go`] | the same plugin in both, construct by construct |
//! | [`protocol`] | what CVT and a plugin say to each other |
//! | [`adding_an_rpc`] | for those who work on this crate |
//!
//! Examples that name `tokio` or `tracing` need those crates among the dependencies of the plugin.
//! The shortest plugin needs neither:
//!
//! ```
//! use cvtplugin::prelude::*;
//!
//! #[derive(Default)]
//! struct Bell;
//!
//! #[cvt_plugin(name = "bell", version = "0.1.0")]
//! impl Bell {
//!     async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
//!         println!("{} {} does not match {}", event.method, event.path, event.schema_id);
//!         Ok(())
//!     }
//! }
//! ```

#[doc = include_str!("first_plugin.md")]
pub mod first_plugin {}

#[doc = include_str!("registry.md")]
pub mod registry {}

#[doc = include_str!("events.md")]
pub mod events {}

#[doc = include_str!("config.md")]
pub mod config {}

#[doc = include_str!("secrets.md")]
pub mod secrets {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("deadlines.md")]
pub mod deadlines {}

#[doc = include_str!("state.md")]
pub mod state {}

#[doc = include_str!("lifecycle.md")]
pub mod lifecycle {}

#[doc = include_str!("background_work.md")]
pub mod background_work {}

#[doc = include_str!("child_processes.md")]
pub mod child_processes {}

#[cfg(feature = "testing")]
#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("logging.md")]
pub mod logging {}

#[doc = include_str!("debugging.md")]
pub mod debugging {}

#[doc = include_str!("shipping.md")]
pub mod shipping {}

#[doc = include_str!("operating.md")]
pub mod operating {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("without_macro.md")]
pub mod without_macro {}

#[doc = include_str!("from_go.md")]
pub mod from_go {}

#[doc = include_str!("protocol.md")]
pub mod protocol {}

#[doc = include_str!("adding_an_rpc.md")]
pub mod adding_an_rpc {}
