//! The words that a schema id may be.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::prelude::*;

/// Does what `word` says; `None` for a word that says nothing.
pub(crate) async fn obey(
    ctx: &Context,
    word: &str,
    argument: &str,
) -> Result<Option<Bytes>, BoxError> {
    let spec = match word {
        "bytes" => vec![b'x'; argument.parse()?].into(),
        "stdout" => said(|| println!("{argument}")),
        "stderr" | "rawstderr" => said(|| eprintln!("{argument}")),
        "print" => {
            let count: u64 = argument.parse()?;
            let lines: Vec<_> = (1..=count).map(|n| format!("line {n}\n")).collect();
            said(|| print!("{}", lines.concat()))
        }
        "ask" => {
            println!("{argument}");
            let mut answer = String::new();
            std::io::stdin().read_line(&mut answer)?;
            answer.into()
        }
        "log" => log(argument),
        "error" => return Err(status(argument)),
        "plainerror" => return Err(argument.into()),
        "sleep" => {
            tokio::time::sleep(Duration::from_millis(argument.parse()?)).await;
            "slept".into()
        }
        "block" => {
            std::thread::sleep(Duration::from_millis(argument.parse()?));
            "slept".into()
        }
        "spawn" => {
            Command::new("sleep").arg(argument).spawn()?;
            "spawned".into()
        }
        "meta" => metadata(ctx)?.into(),
        "env" => environment().into(),
        "panic" => panic!("echo was told to panic"),
        "exit" => std::process::exit(argument.parse()?),
        _ => return Ok(None),
    };
    Ok(Some(spec))
}

fn said(say: impl FnOnce()) -> Bytes {
    say();
    "said".into()
}

fn log(argument: &str) -> Bytes {
    let (level, text) = argument.split_once(':').unwrap_or(("info", argument));
    said(|| match level {
        "trace" => tracing::trace!(k = "v", n = 7, "{text}"),
        "debug" => tracing::debug!(k = "v", n = 7, "{text}"),
        "warn" => tracing::warn!(k = "v", n = 7, "{text}"),
        "error" => tracing::error!(k = "v", n = 7, "{text}"),
        _ => tracing::info!(k = "v", n = 7, "{text}"),
    })
}

/// The status of `CODE:MESSAGE`.
fn status(argument: &str) -> BoxError {
    let (code, message) = argument.split_once(':').unwrap_or((argument, ""));
    let code = code.parse().ok().and_then(Code::from_number);
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
