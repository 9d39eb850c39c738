//! `cvt-plugin call`.

mod in_cvt;
mod protocol;
mod request;
mod response;

use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use cvtplugin::host::{Exit, Host, LaunchError, Request};
use cvtplugin::{BoxError, Code, Error, Rpc};
use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, MethodDescriptor};
use serde_json::{Map, Value};

use crate::target::{PluginTarget, Profile, TargetArguments};
use crate::{arguments, executable, go_duration, interrupt, services, stderr_log, terminal};
use cvtplugin::__command::Redactor;
use protocol::Protocol;

/// Launch a plugin, call one RPC, and show the response.
///
/// The plugin is launched and configured as CVT does it, and shut down after the call. The response
/// goes to stdout as JSON, and nothing else does; what the plugin logs and prints, and how long
/// everything took, goes to stderr. A call that fails shows its code and message, and ends with
/// exit code 1.
///
/// A spec that is a JSON document is shown as it is written, other text as a string, and what is
/// no text in base64.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: TargetArguments,

    /// The RPC to call, such as `FetchSchema`; without it, the known ones are listed.
    ///
    /// `fetch_schema` and `fetch-schema` will do as well.
    #[arg(value_name = "RPC")]
    rpc: Option<String>,

    /// A field of the request and its value; may be repeated.
    ///
    /// Text is taken as it is, everything else is JSON. A field that holds a list grows with every
    /// time it is given.
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,

    /// The request as a JSON object, from a file with @FILE, or from stdin with -.
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    json: Option<String>,

    /// How long the call may take, such as 5s, 300ms or 1m30s.
    ///
    /// The plugin is told. Without it, it is the file's timeout, or else 5s.
    #[arg(long, value_name = "DURATION", value_parser = go_duration::parse)]
    timeout: Option<Duration>,

    /// Metadata to send along; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = metadata)]
    metadata: Vec<(String, String)>,

    /// Print only this field of the response, and as it is: --raw spec.
    #[arg(long, value_name = "FIELD")]
    raw: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin call ./cvt-plugin-hello FetchSchema schema_id=petstore
  cvt-plugin call . FetchSchema schema_id=petstore --raw spec > petstore.json
  cvt-plugin call . RegisterConsumerUsage schema_id=petstore consumer_id=web \\
      endpoints='{\"method\": \"GET\", \"path\": \"/pets\", \"used_fields\": [\"id\"]}'
  cvt-plugin call . OnValidationFailed --json @event.json --config webhook_url=http://localhost:8080
  cvt-plugin call --config-file ~/.cvt/config.yaml --plugin rest FetchSchema schema_id=petstore
  CVT_PLUGIN_LOG=debug cvt-plugin call . Health";

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let (target, call) = arguments.prepare()?;
    let target = target.find(Profile::Dev)?;
    let redactor = target.redactor();
    let made = interrupt::or_done(Box::pin(call.make(&target, &redactor))).await;
    made.map_err(|error| redactor.redact(&error.to_string()).into())
}

impl Arguments {
    /// Reads everything that may be wrong before anything is built or launched.
    fn prepare(mut self) -> Result<(TargetArguments, Call), BoxError> {
        let protocol = Protocol::load()?;
        // Without a binary, what stands in its place is the RPC.
        if let Some(rpc) = self.target.take_misplaced() {
            self.fields.splice(..0, self.rpc.replace(rpc));
        }
        let Some(rpc) = self.rpc else {
            return Err(format!("missing RPC: expected one of {}", protocol.names()).into());
        };
        if rpc.contains('=') {
            let plugin =
                "a plugin and an RPC, as in `cvt-plugin call . FetchSchema schema_id=petstore`";
            return Err(format!("`{rpc}` is in the RPC's place: expected {plugin}").into());
        }
        let rpc = protocol.rpc(&rpc)?;
        let fields = self.fields.iter().map(|field| {
            let expected = |_| format!("invalid field `{field}`: expected FIELD=VALUE");
            arguments::key_value(field).map_err(expected)
        });
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let json = self.json.as_deref().map(object).transpose()?;
        let request = request::build(&rpc.input(), json.unwrap_or_default(), &fields)?;
        let raw = self.raw.map(|field| response::field(&rpc.output(), &field));
        let call = Call {
            request,
            raw: raw.transpose()?,
            rpc,
            timeout: self.timeout,
            metadata: self.metadata,
        };
        Ok((self.target, call))
    }
}

/// A call that can be made.
struct Call {
    rpc: MethodDescriptor,
    request: DynamicMessage,
    timeout: Option<Duration>,
    metadata: Vec<(String, String)>,
    raw: Option<FieldDescriptor>,
}

impl Call {
    async fn make(&self, target: &PluginTarget, redactor: &Redactor) -> Result<ExitCode, BoxError> {
        let start = Instant::now();
        let host = stderr_log::listen(with_outcome(target.host()), redactor);
        let launched = host.launch().await;
        let plugin = launched.map_err(|error| does_not_start(&target.binary, error))?;
        let launched = start.elapsed();
        let path = protocol::path(&self.rpc);
        let start = Instant::now();
        let response = plugin.client().call_raw(&path, self.encoded()).await;
        let responded = start.elapsed();
        let mut failure = None;
        let code = match response {
            Ok(response) => {
                let response = DynamicMessage::decode(self.rpc.output(), response)?;
                response::print(&response, self.raw.as_ref())?;
                if let Some(problem) = response::spec_problem(&response) {
                    terminal::note(format_args!("CVT passes over this spec: {problem}"));
                }
                ExitCode::SUCCESS
            }
            Err(error) => {
                print_error(&error, redactor);
                if error.code() == Code::FailedPrecondition && target.config.is_empty() {
                    terminal::note(
                        "the plugin has no config here: give it by --config or --config-file",
                    );
                }
                failure = Some(error);
                ExitCode::FAILURE
            }
        };
        let mut rpcs = Rpc::ALL.iter().copied();
        let rpc = rpcs.find(|rpc| services::path(*rpc) == path);
        let binding = target.binding.as_ref();
        for note in in_cvt::notes(rpc, plugin.info(), binding, failure.as_ref()) {
            terminal::note(note);
        }
        let start = Instant::now();
        note_exit(&plugin.shutdown().await?);
        terminal::note(format_args!(
            "launched in {launched:.1?}, responded in {responded:.1?}, ended in {:.1?}",
            start.elapsed()
        ));
        Ok(code)
    }

    fn encoded(&self) -> Request<bytes::Bytes> {
        let request = Request::new(self.request.encode_to_vec().into());
        let request = match self.timeout {
            Some(timeout) => request.timeout(timeout),
            None => request,
        };
        let metadata = self.metadata.iter();
        metadata.fold(request, |request, (key, value)| {
            request.metadata(key, value)
        })
    }
}

/// Has the plugin log what came of the call, unless the user says what it is to log.
fn with_outcome(host: Host) -> Host {
    const VARIABLE: &str = "CVT_PLUGIN_LOG";
    match std::env::var_os(VARIABLE) {
        Some(_) => host,
        None => host.env(VARIABLE, "info,cvtplugin=debug"),
    }
}

/// Why a plugin does not start: what keeps its file from being run is named, and what it has
/// written to stderr is not shown again.
fn does_not_start(binary: &Path, error: LaunchError) -> BoxError {
    let unrunnable = || executable::check(binary).err();
    let message = match error {
        ref spawn @ LaunchError::Spawn { ref error, .. } if error.kind() == ErrorKind::NotFound => {
            match unrunnable().filter(|_| binary.exists()) {
                Some(why) => format!("cannot start {}; {}", why.found, why.fix),
                None => spawn.to_string(),
            }
        }
        LaunchError::Exited { status, stdout, .. } => {
            let stdout = match stdout.trim_end() {
                "" => "nothing on stdout".to_owned(),
                text => format!("on stdout:\n{text}"),
            };
            format!("the plugin exited before its handshake line ({status}); {stdout}")
        }
        LaunchError::NoHandshake { timeout, .. } => {
            format!("no handshake line on stdout within {timeout:?}")
        }
        error => error.to_string(),
    };
    terminal::plain(&message).into()
}

fn print_error(error: &Error, redactor: &Redactor) {
    let (label, code) = (terminal::error_label(), error.code());
    let message = redactor.redact(error.message());
    let message = terminal::plain(&message);
    terminal::print_line(format_args!("{label}: {code}: {message}"));
}

/// Reports what went wrong when the plugin exited.
fn note_exit(exit: &Exit) {
    if exit.killed {
        terminal::note("the plugin did not end when asked to, and was killed");
    } else if !exit.status.success() {
        terminal::note(format_args!("the plugin ended with {}", exit.status));
    }
    if exit.streams_held_open {
        terminal::note(
            "the plugin has ended, but something that it started holds its stdout or stderr",
        );
    }
    if !exit.stray_stdout.is_empty() {
        terminal::note("the plugin printed to its real stdout, which belongs to the handshake");
    }
}

/// A key and its value that gRPC can carry.
fn metadata(text: &str) -> Result<(String, String), String> {
    let (key, value) = arguments::key_value(text)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if !key.chars().all(fits) || key.ends_with("-bin") {
        return Err(format!(
            "invalid metadata key `{key}`: expected lower-case letters, digits, `-`, `_` and `.`, without \
             `-bin` at the end"
        ));
    }
    if !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Err(format!("the value of `{key}` has to be printable ASCII"));
    }
    Ok((key, value))
}

/// A JSON object: as it is, from a file, or from stdin.
fn object(source: &str) -> Result<Map<String, Value>, BoxError> {
    let text = match source.strip_prefix('@') {
        Some(file) => {
            std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?
        }
        None if source == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
        None => source.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| {
        format!("invalid value for --json: expected a JSON object: {error}").into()
    })
}
