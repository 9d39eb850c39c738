//! A spec, as CVT reads it: JSON.

use std::collections::BTreeMap;

use bytes::Bytes;
use cvtplugin::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// How many values a spec in YAML may have. 50 MiB of JSON have no limit but their length.
const MAX_YAML_NODES: usize = 3_000_000;

/// How much of that aliases may add: a few lines of them could mean billions of values.
const MAX_YAML_ALIASED: usize = 100_000;

pub(crate) struct Spec {
    pub(crate) json: Bytes,
    /// What the spec itself says: `info.version`.
    pub(crate) version: Option<String>,
}

impl Spec {
    /// JSON stays as it is, YAML becomes JSON, and all else is an error: a registry that responds
    /// with something else, such as a login page, does not work.
    pub(crate) fn read(body: Bytes) -> Result<Self> {
        if body.trim_ascii().is_empty() {
            return Err(Error::unavailable("the spec is empty"));
        }
        if let Ok(members) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(&body) {
            let info = members.get("info").map(|info| info.get());
            let info = info.and_then(|info| serde_json::from_str::<Value>(info).ok());
            let version = info.as_ref().and_then(|info| info["version"].as_str());
            let version = version.map(str::to_owned);
            return Ok(Self {
                json: body,
                version,
            });
        }
        Self::from_yaml(&body)
    }

    fn from_yaml(body: &[u8]) -> Result<Self> {
        let text = str::from_utf8(body).unavailable("the spec is neither JSON nor YAML")?;
        let mut spec: Value = parse(text)?;
        // Any text is YAML, and so is much that is none, such as `error: no database`.
        if spec
            .get("openapi")
            .or_else(|| spec.get("swagger"))
            .is_none()
        {
            let what = "the spec is neither a JSON object nor OpenAPI in YAML";
            return Err(Error::unavailable(what));
        }
        if spec.pointer("/info/version").is_some_and(Value::is_number) {
            spec["info"]["version"] = version_as_written(text).into();
        }
        Ok(Self {
            version: spec
                .pointer("/info/version")
                .and_then(Value::as_str)
                .map(str::to_owned),
            json: spec.to_string().into(),
        })
    }
}

/// The version of a spec that did not quote it: `1.10` is a number to YAML, and the same as `1.1`.
fn version_as_written(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Document {
        info: Info,
    }
    #[derive(Deserialize)]
    struct Info {
        version: String,
    }
    parse::<Document>(text).ok().map(|spec| spec.info.version)
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_YAML_NODES,
            max_events: 2 * MAX_YAML_NODES,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_YAML_ALIASED,
        },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options)
        .unavailable("the spec is neither JSON nor YAML")
}
