//! Write plugins for [CVT](https://github.com/sahina/cvt), the Contract Validator Toolkit.
//!
//! CVT checks API traffic against OpenAPI contracts. It gets its schemas from, and reports its
//! findings to, plugins: separate binaries that it spawns and talks to over gRPC, by the rules of
//! hashicorp/go-plugin. With this crate a plugin is one annotated impl block, and `cargo build`
//! yields the binary:
//!
//! ```
//! use cvtplugin::prelude::*;
//!
//! #[derive(PluginConfig)]
//! struct BellConfig {
//!     /// How often to ring.
//!     #[config(default = 1)]
//!     times: usize,
//! }
//!
//! struct Bell {
//!     sound: String,
//! }
//!
//! #[cvt_plugin(name = "bell", version = "0.1.0")]
//! impl Bell {
//!     async fn new(config: BellConfig) -> Result<Self> {
//!         Ok(Self { sound: "ding ".repeat(config.times) })
//!     }
//!
//!     async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
//!         tracing::warn!(schema = event.schema_id, "{}", self.sound);
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # Where to find what
//!
//! [The guide](guide) has a page for each topic, in reading order, from the
//! [first plugin](guide::first_plugin) to [limits](guide::limits).
//!
//! | to | see |
//! | --- | --- |
//! | write a plugin | [`cvt_plugin`](macro@cvt_plugin), [`prelude`] |
//! | configure it | [`PluginConfig`](macro@PluginConfig), [`guide::config`] |
//! | return an error with a code | [`Error`], [`ResultExt`], [`BoxError`], [`guide::errors`] |
//! | know the deadline of a call | [`Context`], [`guide::deadlines`] |
//! | do work in the background | [`Tasks`], [`guide::background_work`] |
//! | write one without the macro | [`guide::without_macro`], [`Server`], [`RegistryProvider`], [`EventHandler`], [`ConfigReceiver`] |
//! | log, and send the log elsewhere too | [`guide::logging`] |
//! | come from Go | [`guide::from_go`] |
//! | test it | the module `testing`, with the feature of that name, and the guide's page on testing |
//! | debug it | [`guide::debugging`] |
//! | ship it | [`guide::shipping`] |
//! | operate it under CVT | [`guide::operating`] |
//! | launch and drive a plugin, in tests and tools | the module `host`, with the feature of that name |
//!
//! # What a plugin can rely on
//!
//! * Handlers that block their threads do not hold up health checks, shutdown or the watch on the
//!   host.
//! * It may print: its stdout and stderr are streamed to the host, and never disturb the protocol.
//!   What it logs with [`tracing`], or `log`, reaches the host's log with all fields.
//! * A panic fails one call. An expired or cancelled call stops.
//! * It shuts down gracefully when the host asks for it, on SIGTERM and SIGHUP, and when the host has
//!   died: calls in flight are drained, background tasks stop, `shutdown` runs, and the socket is
//!   removed.
//! * A secret of its config stays out of its log, its errors, and what it prints, in
//!   [many forms](guide::secrets).
//! * Whoever logs or prints never waits for a host or a disk that does not take it.
//!
//! It cannot rely on this: what a process prints as it aborts, other than the message of a Rust
//! panic, may be lost, since stderr passes through the process itself. Otherwise a child process that
//! inherited stderr would keep the host from exiting.
//!
//! # Environment
//!
//! | variable | effect |
//! | --- | --- |
//! | `CVT_PLUGIN_LOG` | levels of the log, and targets with a level, such as `debug` or `info,my_plugin=trace`; the plugin's name stands for its own code; `info` by default |
//! | `CVT_PLUGIN_LOG_FILE` | a file that every line of the log is appended to as well; `~/` is the home directory, missing directories are made |
//! | `RUST_BACKTRACE` | `1` adds the plugin's frames to the record of a panic, `full` adds all |
//!
//! What hosts set is on the page of [the protocol](guide::protocol).
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | effect |
//! | --- | --- |
//! | `host` | the module `host`: launches plugins and drives them |
//! | `testing` | the module `testing`: runs plugins inside a test |
//! | `reflection` | serves gRPC reflection, for tools such as grpcurl |
//! | `auto-mtls` | secures the connection for hosts that ask for it; needs a C compiler to build |
//! | `anyhow` | handlers may return `anyhow::Error` |

#![cfg_attr(docsrs, feature(doc_cfg))]
// What is public can then grow without breaking anybody, or says why it will not.
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

#[cfg(not(unix))]
compile_error!("cvtplugin supports Unix only so far: plugins take over their standard streams");

mod config;
mod connection;
mod context;
mod error;
mod first_time;
#[cfg(cvtplugin_fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
pub mod guide;
mod handshake_line;
mod health;
#[cfg(feature = "host")]
pub mod host;
mod info;
mod logging;
pub mod pb;
mod plugin;
pub mod prelude;
mod process;
pub mod protocol;
mod providers;
mod redaction;
mod rpc;
mod runtime_options;
mod server;
mod standalone;
mod std_stream;

mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;

#[doc(hidden)]
pub mod __private;

/// What the command `cvt-plugin` shares with plugins. Not for anybody else.
#[doc(hidden)]
pub mod __command {
    pub use crate::redaction::Redactor;
    pub use crate::server::spec_problem;
}

pub use config::{ConfigKey, ConfigValues, PluginConfig, TypedConfig};
pub use context::Context;
pub use cvtplugin_macros::{PluginConfig, cvt_plugin};
pub use error::{BoxError, Code, Error, InvalidCode, Result, ResultExt};
pub use health::Health;
pub use info::PluginInfo;
pub use logging::{LogRecord, log_layer};
pub use plugin::{NotProvided, Plugin};
pub use protocol::launched_by_host;
pub use providers::{ConfigReceiver, EventHandler, RegistryProvider};
pub use rpc::{ParseRpcError, Rpc};
pub use runtime_options::RuntimeOptions;
pub use secrecy::{ExposeSecret, SecretString};
pub use server::{ConfiguredServer, Server, serve};
pub use tasks::{TaskOutput, Tasks};
