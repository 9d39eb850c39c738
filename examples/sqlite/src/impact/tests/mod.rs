//! What is found in pairs of small documents.

#![expect(
    clippy::needless_pass_by_value,
    reason = "JSON literals read better without a reference to each"
)]

mod operations;
mod parameters;
mod request;
mod response;
mod variants;

use serde_json::{Value, json};

use super::endpoint::{Versioned, changes};
use super::verdict::Change;
use crate::openapi::Document;
use crate::store::Endpoint;

/// The changes that matter to a consumer of `GET /pets/{id}` that reads these fields.
fn compare(old: Value, new: Value, fields: &[&str]) -> Vec<Change> {
    let (old, new) = (Document::new(old), Document::new(new));
    let endpoint = Endpoint {
        method: "GET".to_owned(),
        path: "/pets/{id}".to_owned(),
        used_fields: fields.iter().map(|&field| field.to_owned()).collect(),
    };
    let old = Versioned {
        version: "1.0.0",
        document: &old,
    };
    let new = Versioned {
        version: "2.0.0",
        document: &new,
    };
    changes(old, new, &endpoint)
}

/// The changes as text: the verdict and what is said.
fn lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let evidence = change
            .evidence
            .strip_prefix("GET /pets/{id}: ")
            .unwrap_or(&change.evidence);
        format!("{}: {evidence}", change.verdict)
    };
    changes.iter().map(line).collect()
}

/// A document with an operation, and shared schemas.
fn document(operation: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "paths": { "/pets/{id}": { "get": operation } },
        "components": { "schemas": schemas },
    })
}

fn responding(schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    document(
        json!({ "responses": { "200": { "content": content } } }),
        json!({}),
    )
}

fn taking(schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    document(
        json!({ "requestBody": { "content": content }, "responses": {} }),
        json!({}),
    )
}

/// What changes for those who read `x` of a response.
fn read(old: Value, new: Value) -> Vec<String> {
    let of = |schema| responding(&json!({ "properties": { "x": schema, "y": {} } }));
    lines(&compare(of(old), of(new), &["x"]))
}

/// What changes for those who send `x` in a request.
fn sent(old: Value, new: Value) -> Vec<String> {
    let of = |schema| taking(&json!({ "properties": { "x": schema, "y": {} } }));
    lines(&compare(of(old), of(new), &[]))
}

const NOTHING: [&str; 0] = [];
