//! Write plugins for [CVT](https://github.com/sahina/cvt), the Contract Validator Toolkit.
//!
//! CVT checks API traffic against OpenAPI contracts. It gets its schemas from, and reports its
//! findings to, plugins: binaries of their own that it spawns and talks to over gRPC, by the rules
//! of hashicorp/go-plugin. With this crate a plugin is one annotated impl block, and `cargo build`
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
//! | to | see |
//! | --- | --- |
//! | write a plugin | [`cvt_plugin`](macro@cvt_plugin), [`prelude`] |
//! | configure it | [`PluginConfig`](macro@PluginConfig), [`guide`] |
//! | fail with a code | [`Error`], [`ResultExt`], [`BoxError`] |
//! | know how long a call may take | [`Context`] |
//! | write one by hand, without the macro | [`Server`], [`RegistryProvider`], [`EventHandler`], [`ConfigReceiver`] |
//! | come from Go | [`guide::from_go`] |
//! | test it | the module `testing`, with the feature of that name, and the guide's page on testing |
//! | launch and drive a plugin, in tests and tools | the module `host`, with the feature of that name |
//!
//! # What a plugin can rely on
//!
//! * Its handlers run on a runtime of their own. Whatever they do to its threads, health checks,
//!   shutdown and the watch on the host go on.
//! * Its stdout and stderr are its own again: what it prints is streamed to the host, and never
//!   disturbs the protocol. What it logs with [`tracing`], or `log`, reaches
//!   the host's log, fields and all.
//! * A panic fails one call. An expired or cancelled call stops.
//! * It ends gracefully when the host asks for it, at SIGTERM and SIGHUP, and when the host has
//!   died: calls in flight are answered, `shutdown` runs, and the socket is gone.
//! * A secret of its config stays out of its log, its errors, and what it prints, in
//!   [many forms](guide::secrets).
//! * Whoever logs or prints never waits for a host or a disk that does not take it.
//!
//! What it cannot: words that a process prints as it aborts, other than those of a Rust panic, may
//! be lost, since stderr passes through the process itself. Otherwise a child that inherited
//! stderr would keep the host from ending.
//!
//! # Environment
//!
//! | variable | effect |
//! | --- | --- |
//! | `CVT_PLUGIN_LOG` | levels of the log, and targets with a level, such as `debug` or `info,my_plugin=trace`; the plugin's name stands for its own code; `info` by default |
//! | `CVT_PLUGIN_LOG_FILE` | a file that every line of the log is appended to as well; `~/` is the home directory, missing directories are made |
//! | `RUST_BACKTRACE` | `1` adds the plugin's frames to the record of a panic, `full` adds all |
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

#[cfg(not(unix))]
compile_error!("cvtplugin supports Unix only so far: plugins take over their standard streams");

mod config;
mod context;
mod error;
#[cfg(feature = "__fuzzing")]
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
mod protocol;
mod providers;
mod redaction;
mod runtime_options;
mod server;
mod standalone;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;

#[doc(hidden)]
pub mod __private;

pub use config::{ConfigKey, ConfigValues, PluginConfig, TypedConfig};
pub use context::Context;
pub use cvtplugin_macros::{PluginConfig, cvt_plugin};
pub use error::{BoxError, Code, Error, Result, ResultExt};
pub use generated::rpc::Rpc;
pub use health::Health;
pub use info::PluginInfo;
pub use logging::{LogRecord, log_layer};
pub use plugin::{NotProvided, Plugin};
pub use protocol::{
    MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE, PLUGIN_KEY_EVENTS, PLUGIN_KEY_HANDSHAKE,
    PLUGIN_KEY_REGISTRY, PROTOCOL_VERSION, SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1,
};
pub use providers::{ConfigReceiver, EventHandler, RegistryProvider};
pub use runtime_options::RuntimeOptions;
pub use secrecy::{ExposeSecret, SecretString};
pub use server::{Server, serve};

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
