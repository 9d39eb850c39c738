//! Prints the public API of a crate as text, from its rustdoc JSON: `.ci/api` compares it with the
//! text that is checked in, and fails if a type of a crate that is neither listed here nor named
//! after the JSON is in it.

use std::collections::BTreeSet;
use std::env;
use std::process::ExitCode;

use public_api::Builder;

/// The crates whose types the public API may name: those of the language, and those that authors
/// meet anyway.
const ALLOWED: [&str; 12] = [
    "alloc",
    "anyhow",
    "bytes",
    "core",
    "cvtplugin",
    "i32",
    "prost",
    "secrecy",
    "serde_json",
    // `log_layer` is one of its layers.
    "tracing_subscriber",
    "std",
    "tracing_core",
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(json) = arguments.next() else {
        eprintln!("usage: cvtplugin-api-text target/doc/CRATE.json [ALLOWED-CRATE ..]");
        return ExitCode::FAILURE;
    };
    let allowed: Vec<_> = arguments.collect();
    let is_allowed = |name: &str| ALLOWED.contains(&name) || allowed.iter().any(|it| it == name);
    let api = Builder::from_rustdoc_json(json)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build();
    let api = match api {
        Ok(api) => api,
        Err(error) => {
            eprintln!("cannot read the rustdoc JSON: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut foreign = BTreeSet::new();
    for item in api.items() {
        let line = item.to_string();
        println!("{line}");
        foreign.extend(
            crates_in(&line)
                .filter(|name| !is_allowed(name))
                .map(String::from),
        );
    }
    if foreign.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("types of other crates in the public API: {foreign:?}");
    ExitCode::FAILURE
}

/// The first segments of the paths in a line.
fn crates_in(line: &str) -> impl Iterator<Item = &str> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let paths = line.split(move |c| !is_path(c));
    let first = paths.filter_map(|path| path.split_once("::").map(|(first, _)| first));
    first.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::crates_in;

    #[test]
    fn every_path_of_a_line_counts() {
        let line = "pub fn a::B<T: c::D>::e(&self, f: &'static [g::H]) -> i::J<k::L, u8>";
        let crates: Vec<_> = crates_in(line).collect();
        assert_eq!(crates, ["a", "c", "g", "i", "k"]);
    }
}
