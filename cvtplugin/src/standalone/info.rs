//! `--info`: what the plugin is and serves, as JSON.

use serde_json::{Value, json};

use super::description::Description;
use crate::ConfigKey;
use crate::protocol::PROTOCOL_VERSION;

pub(super) fn render(description: &Description<'_>) -> String {
    let config: Vec<_> = description.keys.iter().map(key).collect();
    let info = json!({
        "name": description.info.name(),
        "version": description.info.version(),
        "protocol_version": PROTOCOL_VERSION,
        "services": description.services,
        "rpcs": description.rpc_names(),
        "config": config,
    });
    format!("{info:#}\n")
}

fn key(key: &ConfigKey) -> Value {
    json!({
        "name": key.name(),
        "description": key.description(),
        "type": key.type_name(),
        "required": key.is_required(),
        "secret": key.is_secret(),
        "default": key.default_value(),
        "example": key.example(),
    })
}
