//! What is fuzzed: everything that reads what others wrote. Not for authors: it exists only under
//! `--cfg cvtplugin_fuzzing`, and may change in any release.
//!
//! Each function takes any bytes, and panics where a rule is broken.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tracing::Level;

use crate::handshake_line::HandshakeLine;
use crate::logging::{LineWriter, LogSink};
use crate::prelude::*;
use crate::process::{Environment, EnvironmentError, Output};
use crate::protocol::{MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE};
use crate::redaction::Redactor;
use crate::server::dispatch::scheduler::{Engine, ThreadHook};
use crate::server::session::Session;
use crate::tls::Tls;
use crate::{ConfigValues, LogRecord, NotProvided, PluginInfo, RegistryProvider, Server};

/// How long a connection may stay open that its peer has closed.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest line that a host reads as one.
const LONGEST_LINE: usize = 64 * 1024;

/// Variables, as `NAME=VALUE` between zero bytes, besides the right cookie.
pub fn environment(data: &[u8]) {
    let variables: Vec<_> = data
        .split(|byte| *byte == 0)
        .filter_map(|variable| {
            let at = variable.iter().position(|byte| *byte == b'=')?;
            let value = OsString::from_vec(variable[at + 1..].to_vec());
            Some((&variable[..at], value))
        })
        .collect();
    let environment = Environment::read(|name| {
        if name == MAGIC_COOKIE_KEY {
            return Some(MAGIC_COOKIE_VALUE.into());
        }
        let mut found = variables.iter().filter(|(key, _)| *key == name.as_bytes());
        found.next().map(|(_, value)| value.clone())
    });
    match environment {
        Ok(environment) => assert!(environment.warnings.iter().all(|text| !text.is_empty())),
        Err(EnvironmentError::Invalid(invalid)) => assert!(!invalid.to_string().is_empty()),
        Err(EnvironmentError::NotLaunched) => panic!("the cookie was right"),
    }
}

/// A line on a plugin's stdout: what is read is written, and read back the same.
pub fn handshake_line(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<HandshakeLine>() {
        Ok(line) => assert_eq!(line.to_string().parse(), Ok(line), "{text:?}"),
        Err(why) => assert!(!why.is_empty()),
    }
}

/// A line that somebody printed to stderr: whatever it is, no host crashes on it.
pub fn stderr_line(data: &[u8]) {
    let lines = Lines::default();
    let redactor = Redactor::default();
    redactor.hide("token", &SecretString::from("hunter2"));
    let sink = LogSink::writing_to(lines.clone(), "fuzz", redactor);
    sink.pass_on(String::from_utf8_lossy(data).trim_end_matches('\n'));
    lines.check();
}

/// A record of the log: its message, and fields of every kind under any name.
pub fn log_record(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, value) = text.split_once('=').unwrap_or((&text, ""));
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    let lines = Lines::default();
    let sink = LogSink::writing_to(lines.clone(), &text, Redactor::default());
    for key in [name, "@message", "@level", "@timestamp", "@module"] {
        let fields = [(key.to_owned(), value.clone())];
        sink.log(Level::INFO, &text, fields.into_iter().collect());
    }
    lines.check();
    let lines = lines.0.lock().unwrap_or_else(PoisonError::into_inner);
    for line in &*lines {
        assert!(LogRecord::parse(line.trim_end()).is_some(), "{line:?}");
    }
}

/// Where log lines end up.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// Checks what a host relies on.
    fn check(&self) {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for line in &*lines {
            assert!(line.ends_with('\n'), "{line:?}");
            assert!(line.len() < LONGEST_LINE, "{} bytes", line.len());
            assert!(!line.contains("hunter2"), "{line:?}");
            let Ok(Value::Object(record)) = serde_json::from_str(line) else {
                continue;
            };
            for key in ["@level", "@message"] {
                assert!(record.get(key).is_some_and(Value::is_string), "{line:?}");
            }
            for key in ["@module", "@timestamp"] {
                assert!(record.get(key).is_none_or(Value::is_string), "{line:?}");
            }
        }
    }
}

impl LineWriter for Lines {
    fn write_line(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.to_owned());
    }
}

#[derive(PluginConfig)]
#[config(crate = "crate")]
#[allow(dead_code, reason = "only its keys are used")]
struct Config {
    /// A number.
    #[config(default = 1)]
    number: u8,
    /// A fraction.
    #[config(default = 0.5)]
    fraction: f64,
    /// A switch.
    #[config(default = true)]
    switch: bool,
    /// A time.
    #[config(default = "10s")]
    time: Duration,
    /// A file.
    file: Option<PathBuf>,
    /// Numbers.
    numbers: Option<Vec<i32>>,
    /// A secret.
    secret: Option<SecretString>,
    /// Secrets.
    secrets: Option<Vec<SecretString>>,
}

/// The value of a key of each type: what is refused does not make a config, and the other way
/// round.
pub fn config_value(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for key in Config::KEYS {
        let checked = key.check(&text);
        let values = ConfigValues::from_iter([(key.name(), &*text)]);
        let made = Config::from_values(&values);
        assert!(
            text.is_empty() || checked.is_ok() == made.is_ok(),
            "{}: {text:?}",
            key.name()
        );
    }
}

struct Shelf;

impl RegistryProvider for Shelf {
    async fn fetch_schema(
        &self,
        _: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(request.schema_id))
    }

    async fn register_consumer_usage(
        &self,
        _: Context,
        _: RegisterConsumerUsageRequest,
    ) -> Result<RegisterConsumerUsageResponse> {
        Ok(RegisterConsumerUsageResponse::new(true))
    }
}

/// Bytes on a plugin's socket, before and after the greeting without which nothing gets far: the
/// connection is closed, and the next one served.
pub fn socket(data: &[u8]) {
    const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    thread_local! {
        static PLUGIN: Plugin = Plugin::new().expect("a plugin");
    }
    PLUGIN.with(|plugin| {
        plugin.serve(data);
        plugin.serve(&[GREETING, data].concat());
    });
}

/// A plugin and what runs it.
struct Plugin {
    engine: Engine,
    session: Session,
}

impl Plugin {
    fn new() -> Result<Self, String> {
        let server = Server::new(PluginInfo::new("fuzz", "0.1.0"))
            .registry(Arc::new(Shelf))
            .events(Arc::new(NotProvided));
        let engine = Engine::start(&server.runtime, ThreadHook::default());
        let engine = engine.map_err(|error| error.to_string())?;
        let tls = Tls::from_client_cert(None).map_err(|error| error.to_string())?;
        let output = Arc::new(Output::default());
        let session = Session::new(server, &engine, tls, output, Redactor::default(), None);
        let session = session.map_err(|error| error.to_string())?;
        Ok(Self { engine, session })
    }

    /// Serves one connection on which somebody sends `bytes`, and hangs up.
    fn serve(&self, bytes: &[u8]) {
        let (mut client, plugins) = tokio::io::duplex(LONGEST_LINE);
        let connection = self.session.connections.serve(Box::new(plugins));
        let client = async {
            // It may be closed before all is sent.
            let _ = client.write_all(bytes).await;
            let _ = client.shutdown().await;
            let _ = tokio::io::copy(&mut client, &mut tokio::io::sink()).await;
        };
        let both = async { tokio::join!(connection, client) };
        let both = async { tokio::time::timeout(TIMEOUT, both).await };
        assert!(
            self.engine.protocol().block_on(both).is_ok(),
            "it is still open"
        );
    }
}
