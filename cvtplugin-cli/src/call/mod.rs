//! `cvt-plugin call`.

mod answer;
mod narrator;
mod protocol;
mod request;

use std::io::Read as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use cvtplugin::host::{Exit, Request};
use cvtplugin::{BoxError, Code, Error};
use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, MethodDescriptor};
use serde_json::{Map, Value};

use crate::redaction::Redaction;
use crate::subject::{Profile, Subject, SubjectArguments};
use crate::{cli, go_duration, interrupt};
use narrator::{remark, tell};
use protocol::Protocol;

/// Launch a plugin, call one RPC, and show the answer.
///
/// The plugin is launched and configured as CVT does it, and shut down after the call. The answer
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
    subject: SubjectArguments,

    /// What to call, such as `FetchSchema`; left out, it is said which there are.
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

    /// Print only this field of the answer, and as it is: --raw spec.
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
    let (subject, call) = arguments.prepare()?;
    let subject = subject.find(Profile::Dev)?;
    let redaction = subject.redaction();
    let made = interrupt::or_done(Box::pin(call.make(&subject, &redaction))).await;
    made.map_err(|error| redaction.redact_error(&error))
}

impl Arguments {
    /// Reads everything that may be wrong before anything is built or launched.
    fn prepare(mut self) -> Result<(SubjectArguments, Call), BoxError> {
        let protocol = Protocol::load()?;
        // Without a binary, what stands in its place is the RPC.
        if let Some(rpc) = self.subject.take_misplaced() {
            self.fields.splice(..0, self.rpc.replace(rpc));
        }
        let Some(rpc) = self.rpc else {
            return Err(format!("say which RPC to call: {}", protocol.names()).into());
        };
        let rpc = protocol.rpc(&rpc)?;
        let fields = self.fields.iter().map(|field| {
            let how = |_| format!("`{field}` is not of the form FIELD=VALUE");
            cli::pair(field).map_err(how)
        });
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let json = self.json.as_deref().map(object).transpose()?;
        let request = request::build(&rpc.input(), json.unwrap_or_default(), &fields)?;
        let raw = self.raw.map(|field| answer::field(&rpc.output(), &field));
        let call = Call {
            request,
            raw: raw.transpose()?,
            rpc,
            timeout: self.timeout,
            metadata: self.metadata,
        };
        Ok((self.subject, call))
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
    async fn make(&self, subject: &Subject, redaction: &Redaction) -> Result<ExitCode, BoxError> {
        let start = Instant::now();
        let plugin = narrator::listen(subject.host(), redaction).launch().await?;
        let launched = start.elapsed();
        let path = protocol::path(&self.rpc);
        let start = Instant::now();
        let answer = plugin.client().call_raw(&path, self.encoded()).await;
        let answered = start.elapsed();
        let code = match answer {
            Ok(answer) => {
                let answer = DynamicMessage::decode(self.rpc.output(), answer)?;
                answer::print(&answer, self.raw.as_ref())?;
                ExitCode::SUCCESS
            }
            Err(error) => {
                tell_error(&error, redaction);
                ExitCode::FAILURE
            }
        };
        let start = Instant::now();
        tell_exit(&plugin.shutdown().await?);
        remark(format_args!(
            "launched in {launched:.1?}, answered in {answered:.1?}, ended in {:.1?}",
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

fn tell_error(error: &Error, redaction: &Redaction) {
    let (word, code) = (cli::error_word(), error.code());
    let message = redaction.redact(error.message());
    tell(format_args!("{word}: {code}: {message}"));
    if code == Code::Unimplemented {
        remark("the plugin opts out of this call: for CVT that is no failure, but a no-op");
    }
}

/// Says what is not right about a plugin's end.
fn tell_exit(exit: &Exit) {
    if exit.killed {
        remark("the plugin did not end when asked to, and was killed");
    } else if !exit.status.success() {
        remark(format_args!("the plugin ended with {}", exit.status));
    }
    if exit.streams_held_open {
        remark("the plugin has ended, but something that it started holds its stdout or stderr");
    }
    if !exit.stray_stdout.is_empty() {
        remark("the plugin printed to its real stdout, which belongs to the handshake");
    }
}

/// A key and its value that gRPC can carry.
fn metadata(text: &str) -> Result<(String, String), String> {
    let (key, value) = cli::pair(text)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if !key.chars().all(fits) || key.ends_with("-bin") {
        return Err(format!(
            "`{key}` is no key: write it in lower-case letters, digits, `-`, `_` and `.`, without \
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
    serde_json::from_str(&text).map_err(|error| format!("--json is no JSON object: {error}").into())
}
