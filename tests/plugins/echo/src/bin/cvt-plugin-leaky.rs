//! A plugin that lets out whatever it is told, in every way that there is.

use std::io::Write as _;
use std::process::{Command, Stdio};

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct LeakyConfig {
    /// What it should keep to itself.
    secrets: Option<Vec<SecretString>>,
}

struct Leaky(LeakyConfig);

#[cvt_plugin(name = "leaky", version = "0.1.0", opt_out(register_consumer_usage))]
impl Leaky {
    fn new(config: LeakyConfig) -> Self {
        Self(config)
    }

    /// Lets out the text of `WAY:TEXT`.
    fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let (way, text) = request
            .schema_id
            .split_once(':')
            .invalid_argument("WAY:TEXT")?;
        match way {
            "log" => tracing::info!("{text}"),
            "field" => tracing::info!(text, debugged = ?text, "with a field"),
            "span" => tracing::info_span!("leak", text).in_scope(|| tracing::info!("in a span")),
            "error" => return Err(Error::unavailable(text)),
            "source" => {
                let source = std::io::Error::other(text);
                return Err(Error::unavailable("with a source").with_source(source));
            }
            "panic" => panic!("{text}"),
            "stdout" => println!("{text}"),
            "stderr" => eprintln!("{text}"),
            "child" => print_by_a_child(text).internal("a child")?,
            "secrets" => {
                let count = self.0.secrets.iter().flatten().count().to_string();
                return Ok(FetchSchemaResponse::new(count));
            }
            _ => return Err(Error::invalid_argument(way)),
        }
        Ok(FetchSchemaResponse::new("leaked"))
    }
}

/// Lets a child print it to both streams.
fn print_by_a_child(text: &str) -> std::io::Result<()> {
    let mut command = Command::new("tee");
    let mut child = command.arg("/dev/stderr").stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes())?;
        stdin.write_all(b"\n")?;
    }
    child.wait().map(drop)
}
