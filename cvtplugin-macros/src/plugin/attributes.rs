//! The attributes of the block's items: which are ours, and what the others say.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Meta, Token};

use super::cfg::{Cfg, conditional};
use crate::errors::Errors;

/// Reads attributes.
pub(crate) struct Reader {
    /// What `#[cvt_plugin]` is called here, where it may have been imported under another name.
    pub(crate) name: String,
    /// Whether it is written `#[cvt_plugin = ..]`, which rustc reports.
    pub(crate) is_assigned: bool,
}

/// The attributes of an item.
pub(crate) struct Attributes<'a> {
    pub(crate) own: Vec<Attribute>,
    /// As written.
    pub(crate) others: Vec<&'a TokenTree>,
    /// Whether one of them is `#[cvt_plugin(ignore)]`.
    pub(crate) ignored: bool,
    pub(crate) cfgs: Vec<Cfg>,
    pub(crate) deprecated: bool,
}

impl Reader {
    /// For the block that the macro has been called on.
    pub(crate) fn new() -> Self {
        let written = Span::call_site().source_text().unwrap_or_default();
        let written = written.trim_start_matches(['#', '[']);
        let end = written.find(['(', ']', '=']).unwrap_or(written.len());
        let (path, rest) = written.split_at(end);
        let name = match path.rsplit("::").next().unwrap_or_default().trim() {
            "" => "cvt_plugin",
            name => name,
        };
        Self {
            name: name.to_owned(),
            is_assigned: rest.starts_with('='),
        }
    }

    /// Reads the attributes, and reports those of ours that are wrong.
    pub(crate) fn read<'a>(
        &self,
        attributes: &[&'a [TokenTree]],
        errors: &mut Errors,
    ) -> Attributes<'a> {
        let mut read = Attributes {
            own: Vec::new(),
            others: Vec::new(),
            ignored: false,
            cfgs: Vec::new(),
            deprecated: false,
        };
        for tokens in attributes {
            match parse(tokens) {
                Some(attribute) if self.is_own(&attribute.meta) => {
                    read.ignored |= self.check(&attribute, errors);
                    read.own.push(attribute);
                }
                attribute => {
                    read.others.extend(*tokens);
                    if let Some(attribute) = attribute {
                        read.note(&attribute);
                    }
                }
            }
        }
        read
    }

    /// The attributes of the block itself, but for those that do not belong there, which are
    /// reported.
    pub(crate) fn read_header<'a>(
        &self,
        attributes: &[&'a [TokenTree]],
        errors: &mut Errors,
    ) -> Vec<&'a TokenTree> {
        let mut kept = Vec::new();
        for tokens in attributes {
            let attribute = parse(tokens);
            match attribute
                .as_ref()
                .and_then(|it| self.trouble_with_header(&it.meta))
            {
                Some(trouble) => errors.spanning(attribute, trouble),
                None => kept.extend(*tokens),
            }
        }
        kept
    }

    fn trouble_with_header(&self, meta: &Meta) -> Option<String> {
        let name = self.name.as_str();
        let last = meta.path().segments.last()?;
        if self.is_own(meta) {
            Some(format!(
                "`#[{name}]` is on this block already: write one, with all arguments"
            ))
        } else if last.ident == "async_trait" {
            Some(format!(
                "`#[{name}]` needs no `#[async_trait]`, which is for traits: remove it"
            ))
        } else {
            None
        }
    }

    /// Whether it is `#[cvt_plugin(..)]`, under whatever path, or holds it under a condition.
    fn is_own(&self, meta: &Meta) -> bool {
        let last = meta.path().segments.last();
        last.is_some_and(|last| last.ident == "cvt_plugin" || last.ident == self.name)
            || conditional(meta).is_some_and(|(_, metas)| metas.iter().any(|it| self.is_own(it)))
    }

    /// Whether it says `ignore`; reports it otherwise.
    fn check(&self, attribute: &Attribute, errors: &mut Errors) -> bool {
        let name = self.name.as_str();
        if conditional(&attribute.meta).is_some() {
            let message = format!("`#[{name}(ignore)]` holds always: write it without `cfg_attr`");
            errors.spanning(attribute, message);
            return true;
        }
        let argument = attribute.parse_args_with(|input: ParseStream<'_>| {
            let argument = input.parse::<Ident>()?;
            input.parse::<Option<Token![,]>>().map(|_| argument)
        });
        let ignores = argument.is_ok_and(|argument| argument == "ignore");
        if !ignores {
            let message = format!(
                "on a method there is only `#[{name}(ignore)]`, which keeps the method to the \
                 author; other arguments go on the impl block"
            );
            errors.spanning(attribute, message);
        }
        ignores
    }
}

impl Attributes<'_> {
    fn note(&mut self, attribute: &Attribute) {
        self.cfgs.extend(Cfg::of(attribute));
        let is_deprecated = |meta: &Meta| meta.path().is_ident("deprecated");
        self.deprecated |= is_deprecated(&attribute.meta)
            || conditional(&attribute.meta)
                .is_some_and(|(_, metas)| metas.iter().any(is_deprecated));
    }
}

/// The attribute; none for docs, which are many and say nothing here, and for a half-typed one,
/// which is for rustc to report.
fn parse(tokens: &[TokenTree]) -> Option<Attribute> {
    if let [_, TokenTree::Group(list)] = tokens
        && let Some(TokenTree::Ident(name)) = list.stream().into_iter().next()
        && name == "doc"
    {
        return None;
    }
    let stream: TokenStream = tokens.iter().cloned().collect();
    let attributes = Attribute::parse_outer.parse2(stream).ok()?;
    attributes.into_iter().next()
}
