//! What stands around the block in its file.
//!
//! A macro is given its own item alone, so that a second `main`, or a handler in another impl block,
//! would be reported by rustc in words of the expansion, or by nobody. So the file is read, its
//! items told apart by their first tokens. Where there is no file, or the block is not found in
//! it because a macro made it, nothing is known, and rustc has the word.

mod sibling;

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;

use self::sibling::{plain, split};
use super::attributes::Reader;

pub(crate) use self::sibling::{Sibling, mentions};

/// The items of the block's module, and where that is.
pub(crate) struct Surroundings {
    pub(crate) place: Place,
    /// Whether there is a `main` at the root of the file, under no condition.
    pub(crate) has_main: bool,
    pub(crate) siblings: Vec<Sibling>,
    /// Which of the siblings is the block itself.
    pub(crate) index: usize,
}

pub(crate) enum Place {
    Root,
    /// Modules within the file, as a path: `outer::inner`.
    Module(String),
    Function(String),
}

/// The block that the macro has been called on, as text: rustc says of no token that is read from
/// a file where it stands.
struct Block {
    arguments: String,
    text: String,
}

impl Surroundings {
    /// Those of the block that the macro has been called on.
    pub(crate) fn read(
        arguments: &TokenStream,
        item: &TokenStream,
        reader: &Reader,
    ) -> Option<Self> {
        if !proc_macro::is_available() {
            return None;
        }
        let file = proc_macro::Span::call_site().local_file()?;
        let text = fs::read_to_string(&file).ok()?;
        let mut around = Self::of(&text, arguments, item, reader)?;
        if matches!(around.place, Place::Root)
            && let Ok(binary) = env::var("CARGO_BIN_NAME")
            && let Some(module) = module_of(&file, &binary)
        {
            around.place = Place::Module(module);
        }
        Some(around)
    }

    /// Those of a block in the text of its file.
    pub(super) fn of(
        text: &str,
        arguments: &TokenStream,
        item: &TokenStream,
        reader: &Reader,
    ) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let is_script = text.starts_with("#!") && !text.starts_with("#![");
        let tokens = if is_script {
            format!("//{text}").parse()
        } else {
            text.parse()
        };
        let block = Block {
            arguments: plain(arguments),
            text: split(item.clone(), &reader.name).first()?.text(),
        };
        let root = split(tokens.ok()?, &reader.name);
        let has_main = root
            .iter()
            .any(|item| item.is_function("main") && !item.is_conditional());
        let (place, siblings, index) = find(root, Place::Root, &block, &reader.name)?;
        Some(Self {
            place,
            has_main,
            siblings,
            index,
        })
    }

    pub(crate) fn block(&self) -> &Sibling {
        &self.siblings[self.index]
    }

    /// The other annotated blocks, with their places among the siblings.
    pub(crate) fn other_plugins(&self) -> impl Iterator<Item = (usize, &Sibling)> {
        let siblings = self.siblings.iter().enumerate();
        siblings.filter(|(index, item)| {
            *index != self.index && item.arguments.is_some() && !item.is_conditional()
        })
    }

    /// The other blocks of the same type, without the attribute.
    pub(crate) fn plain_blocks(&self) -> impl Iterator<Item = &Sibling> {
        let own = self.block().block_of();
        let siblings = self.siblings.iter();
        siblings.filter(move |item| {
            own.is_some()
                && item.block_of() == own
                && item.arguments.is_none()
                && !item.is_conditional()
        })
    }
}

/// The module that a file is, if the root of the binary beside it says `mod name;`.
pub(super) fn module_of(file: &Path, binary: &str) -> Option<String> {
    let is_index = file.file_stem()? == "mod";
    let named = if is_index { file.parent()? } else { file };
    let name = named.file_stem()?.to_str()?;
    let roots = ["main", binary].map(|root| named.with_file_name(format!("{root}.rs")));
    let mut roots = roots.iter().filter(|root| *root != file);
    let has_module = |root: &PathBuf| {
        let tokens = fs::read_to_string(root).ok()?.parse().ok()?;
        let mut items = split(tokens, "").into_iter();
        items.find(|it| it.is_module(name))
    };
    roots.find_map(has_module).map(|_| name.to_owned())
}

/// Looks for the block, among these items and within them. Where it stands twice, either may be it.
fn find(
    items: Vec<Sibling>,
    place: Place,
    block: &Block,
    attribute: &str,
) -> Option<(Place, Vec<Sibling>, usize)> {
    let is_block = |item: &Sibling| {
        item.arguments.as_ref() == Some(&block.arguments) && item.text() == block.text
    };
    if let Some(index) = items.iter().position(is_block) {
        let is_only = !items[index + 1..].iter().any(is_block);
        return is_only.then_some((place, items, index));
    }
    items.iter().find_map(|item| {
        let name = item.name()?;
        let within = match (item.keyword()?.as_str(), &place) {
            ("mod", Place::Module(outer)) => Place::Module(format!("{outer}::{name}")),
            ("mod", _) => Place::Module(name),
            ("fn", _) => Place::Function(name),
            _ => return None,
        };
        find(split(item.body()?, attribute), within, block, attribute)
    })
}
