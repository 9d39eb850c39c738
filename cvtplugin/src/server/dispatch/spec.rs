//! Specs that CVT passes over: it says so in a log that few read, or not at all.

use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::RawValue;

use crate::pb::registry::v1::{FetchSchemaRequest, FetchSchemaResponse};
use crate::redaction::cut;

/// How large a spec is read as a whole: of a larger one, the beginning and the end have to do.
const MAX_READ: usize = 256 * 1024;

/// In how much of a text the version is looked for that YAML begins with.
const MAX_HEAD: usize = 4096;

/// How much of a schema's id is shown.
const MAX_ID: usize = 256;

/// How many warnings are remembered.
const MAX_WARNINGS: usize = 1024;

/// Warns of specs that CVT passes over, once a schema and problem. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct SpecWarnings(Arc<Warned>);

/// The hashes of schema and problem.
#[derive(Default)]
struct Warned {
    hasher: RandomState,
    hashes: Mutex<HashSet<u64>>,
}

/// The schema that a call asks for.
pub(super) struct Requested {
    schema_id: String,
    warnings: SpecWarnings,
}

impl SpecWarnings {
    /// Keeps what a warning about the response has to name; `None` for calls that return no spec.
    pub(super) fn of_request(&self, request: &dyn Any) -> Option<Requested> {
        let request = request.downcast_ref::<FetchSchemaRequest>()?;
        Some(Requested {
            schema_id: cut(&request.schema_id, MAX_ID, 0),
            warnings: self.clone(),
        })
    }

    /// Whether this is the first time.
    fn add(&self, schema_id: &str, problem: Problem) -> bool {
        let hash = self.0.hasher.hash_one((schema_id, problem));
        let mut hashes = self.0.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        if hashes.len() >= MAX_WARNINGS {
            hashes.clear();
        }
        hashes.insert(hash)
    }
}

impl Requested {
    /// Logs that CVT will pass over the spec in `response`, if it will.
    pub(super) fn check(&self, response: &dyn Any) {
        let response = response.downcast_ref::<FetchSchemaResponse>();
        let Some(problem) = response.and_then(|response| Problem::of(&response.spec)) else {
            return;
        };
        let schema_id = &self.schema_id;
        if self.warnings.add(schema_id, problem) {
            tracing::warn!("CVT passes over the spec of schema {schema_id:?}: {problem}");
        } else {
            tracing::debug!("CVT passes over the spec of schema {schema_id:?}: {problem}");
        }
    }
}

/// Why CVT passes over `spec`, if it does.
pub fn spec_problem(spec: &[u8]) -> Option<impl fmt::Display + use<>> {
    Problem::of(spec)
}

/// Why CVT passes over a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Problem {
    Empty,
    Html,
    Yaml,
    NoJson,
    OtherJson,
}

impl Problem {
    /// What is wrong with `spec`, as CVT v0.7.0 reads it.
    fn of(spec: &[u8]) -> Option<Self> {
        let text = spec.trim_ascii();
        match (text.first(), text.last()) {
            (None, _) if spec.is_empty() => Some(Self::Empty),
            (Some(b'{'), Some(b'}')) if text.len() > MAX_READ => None,
            (Some(b'{'), _) if text.len() > MAX_READ => Some(Self::NoJson),
            (Some(b'{'), _) => Self::of_json(text),
            (Some(b'<'), _) => Some(Self::Html),
            _ if is_yaml(text) => Some(Self::Yaml),
            _ => Some(Self::NoJson),
        }
    }

    fn of_json(text: &[u8]) -> Option<Self> {
        // Values other than the two are only passed over.
        let Ok(document) = serde_json::from_slice::<HashMap<String, &RawValue>>(text) else {
            return Some(Self::NoJson);
        };
        let begins = |key: &str, version: &str| {
            let value = document.get(key).map(|value| value.get());
            let value = value.and_then(|value| serde_json::from_str::<String>(value).ok());
            value.is_some_and(|value| value.starts_with(version))
        };
        let is_read = begins("openapi", "3.") || begins("swagger", "2.");
        (!is_read).then_some(Self::OtherJson)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "it is empty, which CVT takes for opting out: expected OpenAPI, or an error, \
                 Unimplemented to opt out on purpose"
            }
            Self::Html => "it is HTML, such as the page of a login: expected JSON",
            Self::Yaml => "it is YAML: expected JSON",
            Self::NoJson => "it is not a JSON document: expected OpenAPI as JSON",
            Self::OtherJson => {
                "it is neither OpenAPI 3 nor Swagger 2: expected a text \"3.x\" under `openapi`, or \
                 \"2.x\" under `swagger`"
            }
        })
    }
}

/// Whether a line declares a version as YAML does, or a document begins.
fn is_yaml(text: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 4] = [b"openapi:", b"swagger:", b"---", b"%YAML"];
    let head = &text[..text.len().min(MAX_HEAD)];
    let mut lines = head.split(|byte| *byte == b'\n');
    lines.any(|line| BEGINNINGS.iter().any(|it| line.starts_with(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openapi_and_swagger_as_json_are_fine() {
        let padded = format!("{{\"a\": \"{}\"}}", "x".repeat(MAX_READ));
        for spec in [
            r#"{"openapi": "3.1.0"}"#,
            " \n{\"info\": {}, \"swagger\": \"2.0\"}\n",
            // Nobody reads it all.
            &padded,
        ] {
            assert_eq!(Problem::of(spec.as_bytes()), None, "{spec:.60}");
        }
    }

    #[test]
    fn all_else_is_passed_over() {
        let cut = format!(
            "{{\"openapi\": \"3.1.0\", \"a\": \"{}",
            "x".repeat(MAX_READ)
        );
        for (spec, problem) in [
            ("", Problem::Empty),
            (" \n", Problem::NoJson),
            ("openapi: 3.1.0\n", Problem::Yaml),
            ("# ours\nswagger: '2.0'", Problem::Yaml),
            ("---\ninfo:\n", Problem::Yaml),
            ("<!doctype html>", Problem::Html),
            ("\n<html>", Problem::Html),
            ("not found", Problem::NoJson),
            ("\u{feff}{\"openapi\": \"3.1.0\"}", Problem::NoJson),
            (r#"{"openapi": "3.1.0","#, Problem::NoJson),
            (&cut, Problem::NoJson),
            ("{openapi: 3.1.0}", Problem::NoJson),
            (r#"[{"openapi": "3.1.0"}]"#, Problem::NoJson),
            (r#"{"openapi": 3.1}"#, Problem::OtherJson),
            (r#"{"openapi": "4.0"}"#, Problem::OtherJson),
            (r#"{"error": "not found"}"#, Problem::OtherJson),
        ] {
            assert_eq!(Problem::of(spec.as_bytes()), Some(problem), "{spec:.60}");
        }
    }

    #[test]
    fn each_problem_of_a_schema_is_new_once() {
        let warnings = SpecWarnings::default();
        assert!(warnings.add("a", Problem::Yaml));
        assert!(!warnings.add("a", Problem::Yaml));
        assert!(warnings.add("a", Problem::Html));
        assert!(warnings.add("b", Problem::Yaml));
    }
}
