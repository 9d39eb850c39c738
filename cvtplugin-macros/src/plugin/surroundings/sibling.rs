//! An item, as far as its first tokens tell.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::ext::IdentExt as _;

use crate::plugin::items::{ends_an_item, is_ident, is_punct};

pub(crate) struct Sibling {
    /// The arguments of its `#[cvt_plugin]`, as text, if it has one.
    pub(crate) arguments: Option<String>,
    /// What stands in the brackets of each of its attributes.
    attributes: Vec<TokenStream>,
    /// From the visibility to the body.
    head: Vec<TokenTree>,
    body: Option<Group>,
}

/// The items among the tokens; `attribute` is what `#[cvt_plugin]` is called there.
pub(super) fn split(tokens: TokenStream, attribute: &str) -> Vec<Sibling> {
    let mut tokens = tokens.into_iter().peekable();
    let mut items = Vec::new();
    while tokens.peek().is_some() {
        let mut item = Sibling {
            arguments: None,
            attributes: Vec::new(),
            head: Vec::new(),
            body: None,
        };
        for token in tokens.by_ref() {
            match &token {
                TokenTree::Group(group) if item.is_after_hash(group) => {
                    item.add_attribute(group.stream(), attribute);
                }
                TokenTree::Group(group) if ends_an_item(&token) => {
                    item.body = Some(group.clone());
                    break;
                }
                _ if ends_an_item(&token) => break,
                _ => item.head.push(token),
            }
        }
        items.push(item);
    }
    items
}

/// The tokens as text, however they were spaced.
pub(super) fn plain(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    text.retain(|c| !c.is_whitespace());
    text
}

/// Whether the name is among the tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident.unraw() == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

impl Sibling {
    fn is_after_hash(&self, group: &Group) -> bool {
        let is_hash = matches!(self.head.as_slice(), [hash] if is_punct(hash, '#'));
        is_hash && group.delimiter() == Delimiter::Bracket
    }

    fn add_attribute(&mut self, tokens: TokenStream, own: &str) {
        self.head.clear();
        let mut rest = tokens.clone().into_iter().skip_while(|token| {
            !matches!(token, TokenTree::Ident(ident) if ident == "cvt_plugin" || ident == own)
        });
        if rest.next().is_some() {
            let list = match rest.next() {
                Some(TokenTree::Group(list)) => list.stream(),
                _ => TokenStream::new(),
            };
            self.arguments = Some(plain(&list));
        }
        self.attributes.push(tokens);
    }

    /// The item without its attributes.
    pub(super) fn text(&self) -> String {
        let body = self.body.clone().map(TokenTree::Group);
        plain(&self.head.iter().cloned().chain(body).collect())
    }

    pub(super) fn body(&self) -> Option<TokenStream> {
        self.body.as_ref().map(Group::stream)
    }

    /// Whether a `main` is generated beside it.
    pub(crate) fn makes_main(&self) -> bool {
        let arguments = self.arguments.as_ref();
        arguments.is_some_and(|arguments| !arguments.contains("main=false"))
    }

    /// Whether it may be configured away.
    pub(crate) fn is_conditional(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|it| {
            let first = it.clone().into_iter().next();
            first.is_some_and(|first| is_ident(&first, "cfg") || is_ident(&first, "cfg_attr"))
        })
    }

    /// Whether it is for tests alone.
    pub(crate) fn is_test(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|it| plain(it) == "cfg(test)")
    }

    /// Whether it is a type that derives `PluginConfig`.
    pub(crate) fn is_config(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|it| mentions(it.clone(), "derive") && mentions(it.clone(), "PluginConfig"))
    }

    /// `fn`, `mod`, `struct` and so on.
    pub(super) fn keyword(&self) -> Option<String> {
        const KEYWORDS: [&str; 6] = ["fn", "mod", "struct", "enum", "impl", "trait"];
        let mut head = self.head.iter();
        let keyword = head.find(|it| KEYWORDS.iter().any(|keyword| is_ident(it, keyword)))?;
        Some(keyword.to_string())
    }

    /// What it is called, if it has a name.
    pub(crate) fn name(&self) -> Option<String> {
        let keyword = self.keyword()?;
        let mut head = self.head.iter();
        head.find(|it| is_ident(it, &keyword))?;
        match head.next()? {
            TokenTree::Ident(name) => Some(name.unraw().to_string()),
            _ => None,
        }
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        self.keyword().is_some_and(|it| it == "fn") && self.name().is_some_and(|it| it == name)
    }

    /// Whether it is a module in a file of its own.
    pub(super) fn is_module(&self, name: &str) -> bool {
        let is_module = self.keyword().is_some_and(|it| it == "mod");
        is_module && self.body.is_none() && self.name().is_some_and(|it| it == name)
    }

    /// The type whose inherent impl block it is.
    pub(crate) fn block_of(&self) -> Option<String> {
        let [first, ty @ ..] = self.head.as_slice() else {
            return None;
        };
        let is_plain = !ty
            .iter()
            .any(|it| is_ident(it, "for") || is_ident(it, "where"));
        (is_ident(first, "impl") && is_plain).then(|| plain(&ty.iter().cloned().collect()))
    }

    /// Whether what comes before its body has the name.
    pub(crate) fn is_about(&self, name: &str) -> bool {
        mentions(self.head.iter().cloned().collect(), name)
    }

    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.is_about(name) || self.body().is_some_and(|body| mentions(body, name))
    }

    /// Its methods of that name, under whatever condition.
    pub(crate) fn methods(&self, name: &str) -> Vec<Self> {
        let mut methods = split(self.body().unwrap_or_default(), "");
        methods.retain(|it| it.is_function(name));
        methods
    }

    /// Its method of that name, if it has one that is always there.
    pub(crate) fn method(&self, name: &str) -> Option<Self> {
        let mut methods = self.methods(name).into_iter();
        methods.find(|it| !it.is_conditional())
    }

    /// The arguments of a function.
    pub(crate) fn arguments(&self) -> TokenStream {
        // Before its name there may be a `pub(crate)`, and after it `<F: Fn(u8) -> u8>`.
        let from_name = self.head.iter().skip_while(|token| !is_ident(token, "fn"));
        let (mut generics, mut before) = (0_usize, ' ');
        for token in from_name {
            match token {
                TokenTree::Group(group) if generics == 0 => return group.stream(),
                TokenTree::Punct(punct) => {
                    match punct.as_char() {
                        '<' => generics += 1,
                        '>' if before != '-' => generics = generics.saturating_sub(1),
                        _ => {}
                    }
                    before = punct.as_char();
                }
                _ => before = ' ',
            }
        }
        TokenStream::new()
    }
}
