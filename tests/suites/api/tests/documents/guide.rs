//! The pages of the guide: each is listed, in one order, and shows code that compiles.

use std::collections::BTreeSet;
use std::fs;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::{read, root};

const DIRECTORY: &str = "cvtplugin/src/guide";

/// Code blocks that rustdoc compiles.
const COMPILED: [&str; 3] = ["", "no_run", "should_panic"];

/// Pages in the order in which `text` has them: the words between `before` and `after`.
fn listed(text: &str, before: &str, after: &str) -> Vec<String> {
    let mut parts = text.split(before).skip(1);
    let names = parts.by_ref().filter_map(|part| part.split_once(after));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn pages_are_listed_in_one_order() {
    let index = read(format!("{DIRECTORY}/mod.rs"));
    let modules = listed(&index, "pub mod ", " {}");
    let rows = index.replace(['[', ']'], "");
    let mut rows = listed(&rows, "| `", "` |");
    rows.dedup();
    assert_eq!(rows, modules, "the first page");
    let readme = listed(&read("README.md"), "(cvtplugin/src/guide/", ".md) |");
    assert_eq!(readme, modules, "README.md");

    let files = fs::read_dir(root().join(DIRECTORY)).expect("the guide");
    let names = files.map(|file| file.expect("a page").file_name().into_string());
    let names = names.map(|name| name.expect("a name in ASCII"));
    let pages = names.filter_map(|name| name.strip_suffix(".md").map(str::to_owned));
    assert_eq!(
        pages.collect::<BTreeSet<_>>(),
        modules.into_iter().collect()
    );
}

#[test]
fn pages_have_an_example_that_compiles() {
    for page in listed(&read(format!("{DIRECTORY}/mod.rs")), "pub mod ", " {}") {
        let text = read(format!("{DIRECTORY}/{page}.md"));
        let has_example = Parser::new(&text).any(|event| {
            matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if COMPILED.contains(&&*language))
        });
        assert!(has_example, "{page}.md");
    }
}
