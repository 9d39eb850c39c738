//! `--config`: what to put into ~/.cvt/config.yaml, ready to paste.

use std::fmt::Write as _;
use std::path::Path;

use super::description::{Description, installed_name};
use super::variables::Variables;
use super::yaml::{comment, scalar};
use crate::protocol::SERVICE_REGISTRY_V1;
use crate::{ConfigKey, Rpc};

/// How to paste the stanza beside others.
const MERGE: &str = "# If config.yaml has `plugins:` and `hooks:` already, merge these lines into \
                     yours: a key that is there twice turns all plugins off.";

pub(super) fn render(description: &Description<'_>, binary: &Path) -> String {
    let mut stanza = String::new();
    // Writing to a string never fails.
    let _ = write_stanza(&mut stanza, description, binary);
    stanza
}

fn write_stanza(
    out: &mut String,
    description: &Description<'_>,
    binary: &Path,
) -> std::fmt::Result {
    let installed = installed_name(binary, description.info.name());
    let name = scalar(installed);
    let file = binary.file_name().unwrap_or_default().to_string_lossy();
    let binary = scalar(&format!("~/.cvt/plugins/{file}"));
    let (policy, other_policy) = policies(description);
    writeln!(out, "{MERGE}")?;
    writeln!(out, "config_version: 1")?;
    writeln!(out, "plugins:")?;
    writeln!(out, "  {name}:")?;
    writeln!(out, "    binary: {binary}")?;
    writeln!(out, "    timeout: 5s")?;
    writeln!(out, "    on_error: {policy}  # or {other_policy}")?;
    write_config(out, description, installed)?;
    writeln!(out, "hooks:")?;
    for rpc in &description.rpcs {
        writeln!(out, "  {}: {name}", Rpc::method(*rpc))?;
    }
    Ok(())
}

/// What CVT does about errors, and what else it could do: a schema that cannot be had matters, an
/// alert that was not sent should not hold anybody up.
fn policies(description: &Description<'_>) -> (&'static str, &'static str) {
    if description.services.contains(&SERVICE_REGISTRY_V1) {
        ("fail_closed", "fail_open")
    } else {
        ("fail_open", "fail_closed")
    }
}

fn write_config(
    out: &mut String,
    description: &Description<'_>,
    installed: &str,
) -> std::fmt::Result {
    let secrets = description.keys.iter().filter(|key| key.is_secret());
    let secrets: Vec<_> = secrets.map(|key| scalar(key.name())).collect();
    if !secrets.is_empty() {
        writeln!(out, "    secrets: [{}]", secrets.join(", "))?;
    }
    if !description.keys.is_empty() {
        writeln!(out, "    config:")?;
    }
    let mut variables = Variables::of(installed);
    for key in description.keys {
        for line in key.description().lines() {
            writeln!(out, "      {}", comment(line))?;
        }
        if key.is_secret() {
            write_secret(out, key, &variables.next_for(key.name()))?;
        } else {
            write_key(out, key)?;
        }
    }
    Ok(())
}

fn write_secret(out: &mut String, key: &ConfigKey, variable: &str) -> std::fmt::Result {
    // CVT does not load a config with a variable that is not set and has no default.
    let default = if key.is_required() { "" } else { ":-" };
    writeln!(
        out,
        "      {}: ${{{variable}{default}}}",
        scalar(key.name())
    )
}

fn write_key(out: &mut String, key: &ConfigKey) -> std::fmt::Result {
    let example = key.example().map(Into::into);
    let value = if key.is_required() {
        example
    } else {
        key.default_value().or(example)
    };
    let off = if key.is_required() { "" } else { "# " };
    writeln!(
        out,
        "      {off}{}: {}",
        scalar(key.name()),
        scalar(&value.unwrap_or_default())
    )
}
