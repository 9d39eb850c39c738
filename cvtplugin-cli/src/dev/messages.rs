//! What `cargo build` reports, a JSON document a line.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

/// A message of cargo.
#[derive(Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic { target: Value, message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Artifact {
        target: Value,
        executable: Option<PathBuf>,
        fresh: bool,
    },
    #[serde(other)]
    Other,
}

/// What the compiler has to say.
#[derive(Deserialize)]
pub(super) struct Diagnostic {
    level: String,
    message: String,
    /// As the compiler would show it, in colour.
    pub(super) rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

impl Diagnostic {
    pub(super) fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// The message and its place, on one line.
    pub(super) fn summary(&self) -> String {
        let place = self.spans.iter().find(|span| span.is_primary);
        let place = place.map(|span| format!(" ({}:{})", span.file_name, span.line_start));
        format!("{}{}", self.message, place.unwrap_or_default())
    }
}

/// Whether a target is the binary of this name.
pub(super) fn is_binary(target: &Value, name: &str) -> bool {
    let kinds = target["kind"].as_array();
    target["name"] == name && kinds.is_some_and(|kinds| kinds.contains(&"bin".into()))
}
