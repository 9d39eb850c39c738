//! Lists what is in the registry.

use std::process::ExitCode;

use clap::Args;
use cvtplugin::Result;
use serde_json::json;

use super::output;
use super::registry::Registry;
use crate::impact::FieldPath;
use crate::openapi::same_path;
use crate::store::{Consumer, Endpoint};

#[derive(Args)]
pub(super) struct Schemas {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Schemas {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        let schemas = registry.open()?.schemas()?;
        if self.json {
            let all = schemas.iter().map(|it| {
                json!({
                    "schema": it.id, "version": it.version, "bytes": it.bytes,
                    "importedAt": it.imported_at,
                })
            });
            output::print_json(&all.collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows = schemas
            .into_iter()
            .map(|it| [it.id, it.version, it.bytes.to_string(), it.imported_at]);
        let headings = ["SCHEMA", "VERSION", "BYTES", "IMPORTED"];
        output::print_table(headings, rows.collect(), "no schemas are stored")?;
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Args)]
pub(super) struct Consumers {
    /// Id of the schema
    schema: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Consumers {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        let consumers = registry.open()?.consumers(&self.schema)?;
        print_consumers(&self.schema, consumers, self.json)
    }
}

#[derive(Args)]
pub(super) struct Readers {
    /// Id of the schema
    schema: String,
    /// Method and path, such as `GET /pets/{id}`
    #[arg(value_parser = endpoint)]
    endpoint: (String, String),
    /// Field of the response, such as `owner.email`
    #[arg(long, value_name = "FIELD", value_parser = field)]
    field: Option<FieldPath>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Readers {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        let mut consumers = registry.open()?.consumers(&self.schema)?;
        for consumer in &mut consumers {
            consumer.endpoints.retain(|endpoint| self.is_read(endpoint));
        }
        consumers.retain(|consumer| !consumer.endpoints.is_empty());
        print_consumers(&self.schema, consumers, self.json)
    }

    /// Whether it is the endpoint, and the field is read: those who declare no fields may read it.
    fn is_read(&self, endpoint: &Endpoint) -> bool {
        let (method, path) = &self.endpoint;
        if *method != endpoint.method || !same_path(path, &endpoint.path) {
            return false;
        }
        let Some(field) = &self.field else {
            return true;
        };
        let fields: Vec<_> = endpoint
            .used_fields
            .iter()
            .filter_map(|it| FieldPath::parse(it))
            .collect();
        fields.is_empty() || fields.iter().any(|it| it.overlaps(field))
    }
}

fn endpoint(text: &str) -> Result<(String, String), String> {
    let parts = text.trim().split_once(char::is_whitespace);
    let (method, path) = parts.ok_or("expected a method and a path, such as 'GET /pets/{id}'")?;
    Ok((method.to_uppercase(), path.trim().to_owned()))
}

fn field(text: &str) -> Result<FieldPath, String> {
    FieldPath::parse(text).ok_or_else(|| "expected a field, such as owner.email".to_owned())
}

fn print_consumers(schema: &str, consumers: Vec<Consumer>, json: bool) -> Result<ExitCode> {
    if json {
        let all = consumers.iter().map(|it| {
            let endpoints = it.endpoints.iter().map(
                |it| json!({ "method": it.method, "path": it.path, "usedFields": it.used_fields }),
            );
            json!({
                "consumer": it.id, "environment": it.environment, "version": it.schema_version,
                "registeredAt": it.registered_at, "endpoints": endpoints.collect::<Vec<_>>(),
            })
        });
        output::print_json(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = consumers.into_iter().map(|it| {
        let uses: Vec<_> = it.endpoints.iter().map(described).collect();
        [
            it.id,
            it.environment,
            it.schema_version,
            it.registered_at,
            uses.join("\n"),
        ]
    });
    let headings = ["CONSUMER", "ENVIRONMENT", "VERSION", "REGISTERED", "USES"];
    let none = format!("no consumers of {schema} are registered for this");
    output::print_table(headings, rows.collect(), &none)?;
    Ok(ExitCode::SUCCESS)
}

fn described(endpoint: &Endpoint) -> String {
    let Endpoint {
        method,
        path,
        used_fields,
    } = endpoint;
    if used_fields.is_empty() {
        return format!("{method} {path} (declares no fields)");
    }
    format!("{method} {path}: {}", used_fields.join(", "))
}

#[derive(Args)]
pub(super) struct Events {
    /// Id of the schema [default: all]
    schema: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Events {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        let events = registry.open()?.events(self.schema.as_deref())?;
        if self.json {
            let all = events.iter().map(|it| {
                json!({
                    "event": it.sort, "schema": it.schema_id, "versions": it.versions,
                    "method": it.method, "path": it.path, "kind": it.kind,
                    "description": it.description, "times": it.times, "lastSeen": it.last_seen,
                })
            });
            output::print_json(&all.collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows = events.into_iter().map(|it| {
            let endpoint = format!("{} {}", it.method, it.path);
            let times = it.times.to_string();
            [
                it.last_seen,
                times,
                it.schema_id,
                it.versions,
                endpoint,
                it.description,
            ]
        });
        let headings = [
            "LAST SEEN",
            "TIMES",
            "SCHEMA",
            "VERSIONS",
            "ENDPOINT",
            "WHAT",
        ];
        output::print_table(headings, rows.collect(), "no events are recorded")?;
        Ok(ExitCode::SUCCESS)
    }
}
