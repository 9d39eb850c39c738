//! What cvtplugin is called in the author's crate.

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The path of cvtplugin, unless the author says another.
pub(crate) fn path() -> TokenStream {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").and_then(|directory| {
        let path = Path::new(&directory).join("Cargo.toml");
        fs::read_to_string(path).ok()
    });
    let name = manifest.as_deref().and_then(renamed);
    let name = format_ident!("{}", name.as_deref().unwrap_or("cvtplugin"));
    quote!(::#name)
}

/// Under which other name a manifest depends on cvtplugin, as far as its lines tell.
fn renamed(manifest: &str) -> Option<String> {
    const NAME: &str = "cvtplugin";
    let mut table = "";
    let mut found = None;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']').trim();
            if is_dependency(table, NAME) {
                return None;
            }
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.replace(char::is_whitespace, ""));
        if table.ends_with("dependencies") {
            if key.split('.').next() == Some(NAME) {
                return None;
            }
            if value.contains(r#"package="cvtplugin""#) {
                found = Some(key);
            }
        } else if key == "package" && value.starts_with(r#""cvtplugin""#) {
            let (_, name) = table.rsplit_once('.')?;
            found = is_dependency(table, name).then_some(name);
        }
    }
    let name = found?.trim_matches('"').replace('-', "_");
    syn::parse_str::<syn::Ident>(&name).ok().map(|_| name)
}

/// Whether a table is about that dependency: `[dependencies.name]`.
fn is_dependency(table: &str, name: &str) -> bool {
    let outer = table.strip_suffix(name).and_then(|it| it.strip_suffix('.'));
    outer.is_some_and(|outer| outer.ends_with("dependencies"))
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn name_is_that_of_the_manifest() {
        for (manifest, name) in [
            (
                "[dependencies]\nplug = { package = \"cvtplugin\", path = \"..\" }",
                Some("plug"),
            ),
            (
                "[dependencies]\nmy-sdk={version=\"1\",package=\"cvtplugin\"}",
                Some("my_sdk"),
            ),
            (
                "[target.'cfg(unix)'.dependencies.plug]\npackage = \"cvtplugin\"",
                Some("plug"),
            ),
            (
                "[dependencies.plug]\nversion = \"1\"\npackage = \"cvtplugin\" # ours",
                Some("plug"),
            ),
            (
                "[dependencies]\ncvtplugin = \"1\"\nold = { package = \"cvtplugin\", version = \"0.1\" }",
                None,
            ),
            ("[dependencies.cvtplugin]\nversion = \"1\"", None),
            ("[dependencies]\ncvtplugin.workspace = true", None),
            ("[dependencies]\nx = { package = \"cvtplugin-http\" }", None),
            (
                "[package]\nname = \"cvtplugin\"\n[dependencies]\nserde = \"1\"",
                None,
            ),
            (
                "[dependencies]\n\"a b\" = { package = \"cvtplugin\" }",
                None,
            ),
            ("package = \"cvtplugin\"", None),
            ("", None),
        ] {
            assert_eq!(renamed(manifest).as_deref(), name, "{manifest}");
        }
    }
}
