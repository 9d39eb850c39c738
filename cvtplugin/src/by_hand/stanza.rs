//! `--config`: what to put into ~/.cvt/config.yaml, ready to paste.

use std::fmt::Write as _;
use std::path::Path;

use super::Description;
use crate::{ConfigKey, Rpc, SERVICE_REGISTRY_V1};

pub(super) fn render(description: &Description<'_>, binary: &Path) -> String {
    let name = description.info.name();
    let mut stanza = String::new();
    // Writing to a string never fails.
    let _ = write_stanza(&mut stanza, description, name, binary);
    stanza
}

fn write_stanza(
    out: &mut String,
    description: &Description<'_>,
    name: &str,
    binary: &Path,
) -> std::fmt::Result {
    let file = binary.file_name().unwrap_or_default().to_string_lossy();
    writeln!(out, "config_version: 1")?;
    writeln!(out, "plugins:")?;
    writeln!(out, "  {name}:")?;
    writeln!(
        out,
        "    binary: {}",
        scalar(&format!("~/.cvt/plugins/{file}"))
    )?;
    writeln!(out, "    timeout: 5s")?;
    writeln!(
        out,
        "    on_error: {}  # or {}",
        policy(description).0,
        policy(description).1
    )?;
    let secrets = description.keys.iter().filter(|key| key.is_secret());
    let secrets: Vec<_> = secrets.map(ConfigKey::name).collect();
    if !secrets.is_empty() {
        writeln!(out, "    secrets: [{}]", secrets.join(", "))?;
    }
    if !description.keys.is_empty() {
        writeln!(out, "    config:")?;
    }
    for key in description.keys {
        write_key(out, key, name)?;
    }
    writeln!(out, "hooks:")?;
    for rpc in &description.rpcs {
        writeln!(out, "  {}: {name}", Rpc::method(*rpc))?;
    }
    Ok(())
}

/// What CVT does about errors, and what else it could do: a schema that cannot be had matters, an
/// alert that was not sent should not hold anybody up.
fn policy(description: &Description<'_>) -> (&'static str, &'static str) {
    if description.services.contains(&SERVICE_REGISTRY_V1) {
        ("fail_closed", "fail_open")
    } else {
        ("fail_open", "fail_closed")
    }
}

fn write_key(out: &mut String, key: &ConfigKey, plugin: &str) -> std::fmt::Result {
    for line in key.description().lines() {
        writeln!(out, "      # {line}")?;
    }
    let name = key.name();
    if key.is_secret() {
        // CVT does not load a config with a variable that is not set and has no default.
        let default = if key.is_required() { "" } else { ":-" };
        return writeln!(
            out,
            "      {name}: ${{{}{default}}}",
            variable(plugin, name)
        );
    }
    let value = key
        .example()
        .map(Into::into)
        .or_else(|| key.default_value());
    let value = scalar(&value.unwrap_or_default());
    if key.is_required() {
        writeln!(out, "      {name}: {value}")
    } else if let Some(default) = key.default_value() {
        writeln!(out, "      # {name}: {}", scalar(&default))
    } else {
        writeln!(out, "      # {name}: {value}")
    }
}

/// The environment variable for a plugin's secret: `REST_TOKEN`.
fn variable(plugin: &str, key: &str) -> String {
    let name = format!("{plugin}_{key}").to_uppercase();
    name.replace(|char: char| !char.is_ascii_alphanumeric(), "_")
}

/// A YAML string: as it is where no reader could take it for anything else, quoted otherwise.
fn scalar(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/._-~:".contains(char);
    let is_plain = text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '~')
        && text.len() > 1
        && text.chars().all(plain)
        && !text.ends_with(':')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null"
        );
    if is_plain {
        text.to_owned()
    } else {
        // JSON's strings are YAML's double-quoted ones.
        serde_json::Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_plainly_text_goes_unquoted() {
        assert_eq!(scalar("https://a.example/v1"), "https://a.example/v1");
        for text in [
            "10", "true", "a: b", "#x", "~", "", "a:", "30s", "it's", "a\nb",
        ] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
    }

    #[test]
    fn secrets_come_from_the_environment() {
        assert_eq!(variable("my-rest", "api.token"), "MY_REST_API_TOKEN");
    }
}
