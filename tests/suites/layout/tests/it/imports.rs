//! Which file imports from which: whatever names a thing imports from the file that defines it,
//! however many modules pass it on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::modules::{Id, Segments, Tree};

/// How often a name may be passed on before it is taken for an item that has its own name.
const MAX_DEPTH: u8 = 16;

/// The names of modules seen from each other.
const KEYWORDS: [&str; 3] = ["crate", "self", "super"];

/// What a path leads to.
enum Target {
    Module(Id),
    /// Something that this module defines.
    ItemOf(Id),
}

/// The pairs of files of which the first imports from the second.
pub(crate) fn between_files(tree: &Tree) -> BTreeSet<(PathBuf, PathBuf)> {
    let mut imports = BTreeSet::new();
    for (id, module) in tree.modules.iter().enumerate() {
        let mut paths = Paths::default();
        module.items.iter().for_each(|item| paths.visit_item(item));
        let named = module.own.iter().chain(&paths.0);
        // `crate` alone says who may see an item.
        let named = named.filter(|path| !path.iter().all(|name| KEYWORDS.contains(&&**name)));
        for path in named {
            let Some(Target::Module(target) | Target::ItemOf(target)) = tree.lead(id, path, 0)
            else {
                continue;
            };
            let target = &tree.modules[target].file;
            if *target != module.file {
                imports.insert((module.file.clone(), target.clone()));
            }
        }
    }
    imports
}

/// The paths in code, those in the arguments of macros among them.
#[derive(Default)]
struct Paths(Vec<Segments>);

impl<'a> Visit<'a> for Paths {
    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments = path.segments.iter();
        self.0
            .push(segments.map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    /// Who may see an item is no import.
    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}

    fn visit_macro(&mut self, called: &'a syn::Macro) {
        // What is quoted is code of another crate.
        let is_quote = called
            .path
            .segments
            .last()
            .is_some_and(|it| it.ident == "quote");
        if !is_quote {
            self.scan(called.tokens.clone());
        }
        visit::visit_macro(self, called);
    }

    fn visit_item_use(&mut self, import: &'a syn::ItemUse) {
        let mut path = Vec::new();
        let mut tree = &import.tree;
        // One within a function: as far as its paths are the same.
        while let syn::UseTree::Path(next) = tree {
            path.push(next.ident.to_string());
            tree = &next.tree;
        }
        self.0.push(path);
    }
}

impl Paths {
    /// Finds `a::b` among tokens, whatever the macro makes of them.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(colon) if colon.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => {
                    self.0
                        .push(std::mem::replace(&mut path, vec![name.to_string()]));
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                _ => self.0.push(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.0.push(path);
    }
}

impl Tree {
    /// Where a path in a module leads, if it stays within the crate.
    fn lead(&self, from: Id, path: &[String], depth: u8) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            // A name alone may be a variable's, which modules are called like.
            name if rest.is_empty() => self.imported(from, name, depth)?,
            name => self.named(from, name, depth)?,
        };
        let mut at = start;
        for segment in rest {
            let Target::Module(module) = at else { break };
            at = match segment.as_str() {
                "super" => Target::Module(self.modules[module].parent?),
                name => self
                    .named(module, name, depth)
                    .unwrap_or(Target::ItemOf(module)),
            };
        }
        Some(at)
    }

    /// What a name stands for in a module, unless it is an item's or unknown.
    fn named(&self, module: Id, name: &str, depth: u8) -> Option<Target> {
        match self.modules[module].children.get(name) {
            Some(child) => Some(Target::Module(*child)),
            None => self.imported(module, name, depth),
        }
    }

    fn imported(&self, module: Id, name: &str, depth: u8) -> Option<Target> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(path) = self.modules[module].imported.get(name) {
            // A macro that is passed on under its own name.
            if path.len() > 1 || path.first().is_some_and(|first| first != name) {
                return self.lead(module, path, depth + 1);
            }
        }
        None
    }
}
