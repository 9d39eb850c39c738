//! `--docs`: the plugin's config and what it serves, as Markdown for a README.

use std::fmt::Write as _;

use super::description::Description;
use crate::ConfigKey;

pub(super) fn render(description: &Description<'_>) -> String {
    let mut docs = String::new();
    // Writing to a string never fails.
    let _ = write_docs(&mut docs, description);
    docs
}

fn write_docs(out: &mut String, description: &Description<'_>) -> std::fmt::Result {
    writeln!(out, "| CVT's hook | RPC |")?;
    writeln!(out, "| --- | --- |")?;
    for rpc in &description.rpcs {
        writeln!(out, "| `{}` | `{}` |", rpc.method(), rpc.name())?;
    }
    writeln!(out)?;
    if description.keys.is_empty() {
        return writeln!(out, "It has no config.");
    }
    writeln!(
        out,
        "| config key | type | default | example | description |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for key in description.keys {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            code(key.name()),
            value_type(key),
            default(key),
            key.example()
                .filter(|_| !key.is_secret())
                .map(code)
                .unwrap_or_default(),
            cell(key.description()),
        )?;
    }
    Ok(())
}

fn value_type(key: &ConfigKey) -> String {
    if key.is_secret() {
        return format!("{}, secret", code(key.type_name()));
    }
    code(key.type_name())
}

fn default(key: &ConfigKey) -> String {
    match key.default_value() {
        Some(default) => code(&default),
        None if key.is_required() => "*required*".to_owned(),
        None => String::new(),
    }
}

/// Text as it is, on one line and without an end of its cell.
fn cell(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").replace('|', r"\|")
}

/// Code: more backticks around it than are in it.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = text.replace('|', r"\|").replace(['\n', '\r', '\t'], " ");
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    if fence.len() > 1 {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn no_text_ends_its_cell() {
        assert_eq!(cell("Either a | b,\n\n  or c.\n"), r"Either a \| b, or c.");
        assert_eq!(code("a|b\nc"), r"`a\|b c`");
        assert_eq!(code("`a` or ``b``"), "``` `a` or ``b`` ```");
        assert_eq!(code(""), "");
    }
}
