//! Relative links of Markdown files. rustdoc checks those to items of the crates.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{read, root};

#[test]
fn relative_links_lead_to_files_and_headings() {
    let files = markdown_files(&root());
    assert!(files.iter().any(|file| file.ends_with("README.md")));
    let broken: Vec<_> = files.iter().flat_map(|file| broken_links(file)).collect();
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}

fn markdown_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory can be read");
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("the entry can be read").path();
        let is_foreign = path.ends_with("target") || path.ends_with(".git");
        if path.is_dir() && !is_foreign {
            files.extend(markdown_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files
}

fn broken_links(file: &Path) -> Vec<String> {
    let text = read(file);
    let links = Parser::new(&text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url),
        _ => None,
    });
    let broken = links.filter(|link| is_relative(link) && !leads_somewhere(file, link));
    let broken = broken.map(|link| format!("{}: {link}", file.display()));
    broken.collect()
}

/// Whether a link is neither an address nor the path of an item.
fn is_relative(link: &str) -> bool {
    !link.contains(':')
}

fn leads_somewhere(file: &Path, link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => file.to_owned(),
        path => file.parent().expect("a file is in a directory").join(path),
    };
    target.exists() && (heading.is_empty() || anchors(&target).contains(heading))
}

/// By which names the headings of a file can be linked to.
fn anchors(file: &Path) -> BTreeSet<String> {
    let text = read(file);
    let mut heading: Option<String> = None;
    let mut anchors = BTreeSet::new();
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|it| anchor(&it))),
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    let kept: String = heading.chars().filter(kept).collect();
    kept.to_lowercase().replace(' ', "-")
}

#[test]
fn a_link_to_a_missing_heading_is_broken() {
    let readme = root().join("README.md");
    assert!(leads_somewhere(&readme, "#try-it"));
    assert!(leads_somewhere(&readme, "ARCHITECTURE.md"));
    assert!(!leads_somewhere(&readme, "#try-that"));
    assert!(!leads_somewhere(&readme, "MISSING.md"));
}
