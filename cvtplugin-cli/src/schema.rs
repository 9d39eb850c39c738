//! `cvt-plugin schema`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cvtplugin::{BoxError, Rpc};
use serde_json::{Map, Value, json};

use crate::target::{self, Profile};
use crate::{install, self_description, terminal};

/// Print a JSON Schema of CVT's config.yaml, for editors.
///
/// It covers what CVT itself reads, and under `plugins.<name>.config` the config of each PLUGIN, by
/// its `--schema`; these have to be built with cvtplugin. Editors that use yaml-language-server
/// complete and check the file if it begins with
///
///   # yaml-language-server: $schema=config.schema.json
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// A plugin: its binary, or the directory of its package, which is built then. The name in
    /// config.yaml is that under which CVT installs the binary.
    #[arg(value_name = "BINARY|PACKAGE-DIR")]
    plugins: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin schema ~/.cvt/plugins/cvt-plugin-* > ~/.cvt/config.schema.json
  cvt-plugin schema . > config.schema.json";

pub(crate) async fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let mut configs = Map::new();
    for plugin in &arguments.plugins {
        let binary = target::at(plugin, Profile::Dev)?;
        let (name, schema) = of_plugin(&binary).await?;
        configs.insert(name, schema);
    }
    let schema = of_config_file(configs);
    terminal::print(format!("{schema:#}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The name under which a plugin is installed, and the schema of its config.
async fn of_plugin(binary: &Path) -> Result<(String, Value), BoxError> {
    let schema = self_description::ask(binary, "--schema").await?;
    let mut schema: Value = serde_json::from_str(&schema)?;
    if let Some(schema) = schema.as_object_mut() {
        // It is no longer a document of its own.
        schema.remove("$schema");
    }
    Ok((install::name_of(binary), schema))
}

/// The schema of config.yaml, with the schemas of plugins' configs by the names of the plugins.
fn of_config_file(configs: Map<String, Value>) -> Value {
    let hooks: Map<_, _> = Rpc::ALL
        .iter()
        .map(|rpc| (rpc.method().to_owned(), hook(*rpc)))
        .collect();
    let plugins: Map<_, _> = configs
        .into_iter()
        .map(|(name, config)| (name, plugin(Some(config))))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.yaml of CVT",
        "type": "object",
        "properties": {
            "config_version": {"description": "The version of this file.", "enum": [0, 1, null], "default": 1},
            "plugins": {
                "description": "The plugins, by the names under which they are installed.",
                "type": ["object", "null"],
                "properties": plugins,
                "patternProperties": {"^[a-z][a-z0-9-]{0,31}$": plugin(None)},
                "additionalProperties": false,
            },
            "hooks": {
                "description": "Which plugin CVT calls, and when.",
                "type": ["object", "null"],
                "properties": hooks,
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    })
}

fn hook(rpc: Rpc) -> Value {
    json!({
        "description": format!("The plugin whose {} is called.", rpc.name()),
        "type": ["string", "null"],
    })
}

/// An entry under `plugins`; `config` adds to what all plugins have in common.
fn plugin(config: Option<Value>) -> Value {
    if let Some(config) = config {
        let required = match &config["required"] {
            Value::Array(keys) if !keys.is_empty() => vec!["config"],
            _ => Vec::new(),
        };
        return json!({"properties": {"config": config}, "required": required});
    }
    json!({
        "type": "object",
        "properties": {
            "binary": {
                "description": "The installed file, in ~/.cvt/plugins.",
                "type": "string",
                "pattern": "^(?:/|~/)",
            },
            "timeout": {
                "description": "How long a call may take, with its unit.",
                "anyOf": [
                    {"type": "null"},
                    {"type": "string", "pattern": r"^[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$"},
                ],
                "default": "5s",
            },
            "on_error": {
                "description": "What becomes of an error of FetchSchema: CVT reports it, or goes on.",
                "enum": ["fail_closed", "fail_open", "", null],
                "default": "fail_closed",
            },
            "secrets": {
                "description": "The keys of `config` that hold secrets.",
                "type": ["array", "null"],
                "items": {"type": ["string", "number", "boolean", "null"]},
            },
            "config": {
                "description": "What the plugin is sent, each value as text; ${VAR} and ${VAR:-default} are expanded.",
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
            },
        },
        "required": ["binary"],
        "additionalProperties": false,
    })
}
