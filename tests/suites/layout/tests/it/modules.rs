//! The modules of a crate, read from its files: what each declares and imports.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ExprLit, Item, ItemMod, ItemUse, Lit, Meta, UseTree};

/// A module, by its place in [`Tree::modules`].
pub(crate) type Id = usize;

/// A path as it is written, such as `super::listener::Listener`.
pub(crate) type Segments = Vec<String>;

pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
    /// Where the names of files begin.
    directory: PathBuf,
}

pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) parent: Option<Id>,
    pub(crate) children: HashMap<String, Id>,
    /// The path behind each imported name.
    pub(crate) imported: HashMap<String, Segments>,
    /// What is imported for this module's own use, and not for others.
    pub(crate) own: Vec<Segments>,
    /// All else that is in it.
    pub(crate) items: Vec<Item>,
}

impl Tree {
    /// Reads the crate whose root is this file. What is compiled for tests alone is left out.
    pub(crate) fn read(root: &Path) -> Self {
        let directory = root.parent().expect("a directory").to_owned();
        let mut tree = Self {
            modules: Vec::new(),
            directory: directory.clone(),
        };
        tree.read_file(root, &directory, None);
        tree
    }

    /// How a file is named to people.
    pub(crate) fn name(&self, file: &Path) -> String {
        let name = file.strip_prefix(&self.directory).unwrap_or(file);
        name.display().to_string()
    }

    fn read_file(&mut self, file: &Path, directory: &Path, parent: Option<Id>) -> Id {
        let text = std::fs::read_to_string(file);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text);
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.add(file, directory, parent, parsed.items)
    }

    fn add(&mut self, file: &Path, directory: &Path, parent: Option<Id>, items: Vec<Item>) -> Id {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            children: HashMap::new(),
            imported: HashMap::new(),
            own: Vec::new(),
            items: Vec::new(),
        });
        for item in items {
            match item {
                Item::Mod(module) if is_for_tests(&module.attrs) => {}
                Item::Use(import) if is_for_tests(&import.attrs) => {}
                Item::Mod(module) => self.add_child(id, directory, module),
                Item::Use(import) => self.modules[id].import(&import),
                other => self.modules[id].items.push(other),
            }
        }
        id
    }

    fn add_child(&mut self, parent: Id, directory: &Path, module: ItemMod) {
        let name = module.ident.to_string();
        let below = directory.join(&name);
        let child = if let Some((_, items)) = module.content {
            let file = self.modules[parent].file.clone();
            self.add(&file, &below, Some(parent), items)
        } else if let Some(elsewhere) = path_attribute(&module.attrs) {
            let file = self.modules[parent].file.with_file_name(elsewhere);
            let below = file.parent().unwrap_or(directory).to_owned();
            self.read_file(&file, &below, Some(parent))
        } else {
            let beside = directory.join(format!("{name}.rs"));
            let file = if beside.exists() {
                beside
            } else {
                below.join("mod.rs")
            };
            self.read_file(&file, &below, Some(parent))
        };
        self.modules[parent].children.insert(name, child);
    }
}

impl Module {
    fn import(&mut self, import: &ItemUse) {
        let mut paths = Vec::new();
        flatten(&import.tree, Vec::new(), &mut paths);
        let is_own = matches!(import.vis, syn::Visibility::Inherited);
        for (name, path) in paths {
            if is_own {
                self.own.push(path.clone());
            }
            if let Some(name) = name {
                self.imported.insert(name, path);
            }
        }
    }
}

/// The paths of a `use`, each with the name that it gets; without one, it is a glob.
fn flatten(tree: &UseTree, mut path: Segments, paths: &mut Vec<(Option<String>, Segments)>) {
    match tree {
        UseTree::Path(next) => {
            path.push(next.ident.to_string());
            flatten(&next.tree, path, paths);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path.clone(), paths);
            }
        }
        UseTree::Name(name) if name.ident == "self" => paths.push((path.last().cloned(), path)),
        UseTree::Name(name) => {
            path.push(name.ident.to_string());
            paths.push((path.last().cloned(), path));
        }
        UseTree::Rename(renamed) => {
            path.push(renamed.ident.to_string());
            paths.push((Some(renamed.rename.to_string()), path));
        }
        UseTree::Glob(_) => paths.push((None, path)),
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        _ => false,
    })
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
}
