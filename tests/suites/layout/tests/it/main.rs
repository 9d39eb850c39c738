//! How the workspace's own code is laid out: `cargo test -p cvtplugin-layout-tests`.

mod imports;
mod modules;
mod workspace;

use std::collections::BTreeSet;
use std::path::Path;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::modules::Tree;

/// What can be read in one go.
const MAX_LINES: usize = 320;

/// The circles of files in which each imports from the next, tests left out.
fn circles(root: &Path) -> Vec<BTreeSet<String>> {
    let tree = Tree::read(root);
    let imports = imports::between_files(&tree);
    let graph: DiGraphMap<_, ()> = imports.iter().map(|(from, to)| (from, to)).collect();
    let components = tarjan_scc(&graph).into_iter();
    let circles = components.filter(|component| component.len() > 1);
    circles
        .map(|files| files.into_iter().map(|file| tree.name(file)).collect())
        .collect()
}

#[test]
fn imports_have_no_circle() {
    let roots = workspace::crate_roots();
    assert!(roots.len() > 20, "too few crates: {roots:?}");
    let found: Vec<_> = roots.iter().flat_map(|root| circles(root)).collect();
    assert!(found.is_empty(), "import circles: {found:#?}");
}

#[test]
fn imports_in_a_circle_are_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/circle/main.rs");
    let expected = ["first.rs", "second/mod.rs"].map(String::from);
    assert_eq!(circles(&root), [BTreeSet::from(expected)]);
}

#[test]
fn files_are_short() {
    let sources = workspace::handwritten_sources();
    assert!(sources.len() > 300, "too few files: {sources:?}");
    let lines = |file: &Path| std::fs::read_to_string(file).map_or(0, |text| text.lines().count());
    let long: Vec<_> = sources
        .iter()
        .filter(|file| lines(file) > MAX_LINES)
        .collect();
    assert!(long.is_empty(), "over {MAX_LINES} lines: {long:#?}");
}

#[test]
fn directories_say_what_they_are() {
    let sources = workspace::handwritten_sources();
    let modules = sources.iter().filter(|file| file.ends_with("mod.rs"));
    let silent: Vec<_> = modules
        .filter(|file| !std::fs::read_to_string(file).is_ok_and(|text| text.starts_with("//! ")))
        .collect();
    assert!(
        silent.is_empty(),
        "without a first line about it: {silent:#?}"
    );
}
