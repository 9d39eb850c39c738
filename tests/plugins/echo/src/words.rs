//! The words that a schema id may be.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::process::Command;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use cvtplugin::prelude::*;
use tokio::sync::Notify;

/// Does what `word` says, and returns what to respond; `None` where that is the word itself.
pub(crate) async fn run(
    ctx: &Context,
    word: &str,
    argument: &str,
) -> Result<Option<Bytes>, BoxError> {
    let spec = match word {
        "bytes" => vec![b'x'; number(argument)?].into(),
        "stdout" => {
            println!("{argument}");
            return Ok(None);
        }
        "stderr" | "rawstderr" => {
            eprintln!("{argument}");
            return Ok(None);
        }
        "print" => {
            let lines = (1..=number(argument)?).map(|n: u64| format!("line {n}\n"));
            print!("{}", lines.collect::<String>());
            return Ok(None);
        }
        "ask" => {
            println!("{argument}");
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            line.into()
        }
        "log" => {
            log(argument);
            return Ok(None);
        }
        "fields" => {
            log_hostile_fields(argument);
            return Ok(None);
        }
        "error" => return Err(status(argument)),
        "plainerror" => return Err(argument.into()),
        "sleep" => {
            tokio::time::sleep(Duration::from_millis(number(argument)?)).await;
            "slept".into()
        }
        "block" => {
            std::thread::sleep(Duration::from_millis(number(argument)?));
            "slept".into()
        }
        "gate" => pass_gate(number(argument)?).await,
        "note" => note(argument).await?,
        "deadline" => milliseconds(until_deadline(ctx)),
        "remaining" => milliseconds(ctx.remaining()),
        "spawn" => {
            Command::new("sleep").arg(argument).spawn()?;
            "spawned".into()
        }
        "meta" => metadata(ctx)?.into(),
        "env" => environment().into(),
        "panic" => panic!("echo was told to panic"),
        "overflow" => recurse(0).to_string().into(),
        "exit" => std::process::exit(number(argument)?),
        _ => return Ok(None),
    };
    Ok(Some(spec))
}

/// Overflows the stack.
#[expect(unconditional_recursion, reason = "that is the fault")]
fn recurse(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 512]);
    recurse(frame[0] + 1) + frame[1]
}

/// A number that a word asks for.
fn number<T: FromStr>(argument: &str) -> Result<T> {
    let parsed = argument.parse().ok().filter(|_| !argument.starts_with('-'));
    parsed.invalid_argument(format!("invalid argument {argument:?}: expected a number"))
}

fn log(argument: &str) {
    let (level, text) = argument.split_once(':').unwrap_or(("info", argument));
    match level {
        "trace" => tracing::trace!(k = "v", n = 7, "{text}"),
        "debug" => tracing::debug!(k = "v", n = 7, "{text}"),
        "warn" => tracing::warn!(k = "v", n = 7, "{text}"),
        "error" => tracing::error!(k = "v", n = 7, "{text}"),
        _ => tracing::info!(k = "v", n = 7, "{text}"),
    }
}

/// Fields by the names of hclog's own keys, which a host takes to be text.
fn log_hostile_fields(text: &str) {
    tracing::info!("@message" = 42, "@level" = 7, "@timestamp" = "x", "{text}");
}

/// Waits until so many calls, in all, have come here. All of them name the same number.
async fn pass_gate(count: usize) -> Bytes {
    static CAME: AtomicUsize = AtomicUsize::new(0);
    static OPEN: Notify = Notify::const_new();
    let opened = OPEN.notified();
    if CAME.fetch_add(1, Ordering::Relaxed) + 1 < count {
        opened.await;
    } else {
        OPEN.notify_waiters();
    }
    "passed".into()
}

/// Writes the line of `LINE:PATH` to a file, always the same, and takes its time to say so.
async fn note(argument: &str) -> Result<Bytes, BoxError> {
    static NOTES: Mutex<Option<File>> = Mutex::new(None);
    let (line, path) = argument.split_once(':').ok_or("not LINE:PATH")?;
    {
        let mut notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *notes {
            Some(file) => file,
            // Stays open, for when there are no descriptors left.
            none => none.insert(File::options().create(true).append(true).open(path)?),
        };
        file.write_all(format!("{line}\n").as_bytes())?;
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    Ok("noted".into())
}

fn until_deadline(ctx: &Context) -> Option<Duration> {
    let deadline = ctx.deadline()?;
    Some(deadline.saturating_duration_since(Instant::now()))
}

fn milliseconds(duration: Option<Duration>) -> Bytes {
    let text = duration.map_or("none".to_owned(), |left| left.as_millis().to_string());
    text.into()
}

/// The status of `CODE:MESSAGE`.
fn status(argument: &str) -> BoxError {
    let (code, message) = argument.split_once(':').unwrap_or((argument, ""));
    let code = code
        .parse::<i32>()
        .ok()
        .and_then(|number| Code::try_from(number).ok());
    Error::new(code.unwrap_or(Code::Unknown), message).into()
}

/// Every key of the metadata and its values, as JSON.
fn metadata(ctx: &Context) -> serde_json::Result<String> {
    let mut metadata: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (key, value) in ctx.all_metadata() {
        metadata.entry(key).or_default().push(value);
    }
    serde_json::to_string(&metadata)
}

/// What the host says through the environment, a line each.
fn environment() -> String {
    let mut lines: Vec<_> = std::env::vars()
        .filter(|(name, _)| name.starts_with("PLUGIN_") || name.starts_with("CVT_"))
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    lines.sort();
    lines.concat()
}
