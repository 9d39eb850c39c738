//! The prelude exports all messages of the extension services, beside names of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::{File, Item, UseTree};

#[test]
fn no_name_stands_for_two_things_in_the_prelude() {
    let mut taken = BTreeSet::new();
    let names = [
        public_names("generated/cvt.plugin.registry.v1.rs"),
        public_names("generated/cvt.plugin.events.v1.rs"),
        public_names("prelude.rs"),
    ];
    for name in names.into_iter().flatten() {
        assert!(taken.insert(name.clone()), "two things are called {name}");
    }
    for known in [
        "FetchSchemaRequest",
        "BreakingChange",
        "Context",
        "cvt_plugin",
    ] {
        assert!(taken.contains(known), "{known} is missing");
    }
}

/// What a file of cvtplugin declares or exports by name.
fn public_names(path: &str) -> Vec<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cvtplugin/src");
    let text = fs::read_to_string(sources.join(path)).expect("the file can be read");
    let File { items, .. } = syn::parse_file(&text).expect("it is Rust");
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) => names.push(item.ident.to_string()),
            Item::Enum(item) => names.push(item.ident.to_string()),
            Item::Mod(item) => names.push(item.ident.to_string()),
            Item::Use(item) => exported(&item.tree, &mut names),
            _ => {}
        }
    }
    names
}

fn exported(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => exported(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| exported(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}
