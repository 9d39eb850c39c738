//! Whatever a block is made of, the handlers served are those written, or the build fails.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;
use quote::{TokenStreamExt as _, quote};
use syn::{File, ImplItem, Item};

use super::{expand, tokens};
use crate::rpcs::RPCS;

/// An item of a block.
#[derive(Clone, Debug)]
struct Written {
    /// The RPC whose handler it is, by its place in the table.
    rpc: Option<usize>,
    attributes: Vec<&'static str>,
    text: String,
    /// How much of it is in an invisible group.
    grouped: Grouped,
}

#[derive(Clone, Copy, Debug)]
enum Grouped {
    Nothing,
    Body,
    BodyTwice,
    Item,
    ItemAndBody,
}

const ATTRIBUTES: &[&str] = &[
    "#[doc = \"Docs.\"]",
    "#[inline]",
    "#[cfg(unix)]",
    "#[cfg_attr(unix, cfg(unix), inline)]",
    "#[tracing::instrument(skip_all)]",
    "#[must_use]",
];

const BODIES: &[&str] = &["{ }", "{ Ok(()) }", "{ { ; } fn inner() { } }", "{ self. }"];

const OTHERS: &[&str] = &[
    "const LIMITS: Limits = Limits { calls: 4 };",
    "const POINTER: fn(u8) -> u8 = twice;",
    "type Client = Box<dyn Fn(u8) -> u8>;",
    "pub fn buffer() -> Buffer<{ 2 + 2 }> { Buffer }",
    "pub(crate) const unsafe extern \"C\" fn raw() { }",
    "fn generic<T: Into<Vec<u8>>, const N: usize>(self) -> [T; { 3 }] where T: Clone { todo!() }",
    "fn pointer(f: fn() -> u8) -> fn() -> u8 { f }",
];

const CALLS: &[&str] = &[
    "helpers!();",
    "path::to::helpers! { fn fetch_schema() {} }",
    "#[cvt_plugin(ignore)] helpers!(on_validation_failed);",
    "#[cvt_plugin(ignore)] helpers![fn a() {}];",
];

fn handler() -> impl Strategy<Value = Written> {
    let attributes = prop::sample::subsequence(ATTRIBUTES, 0..3);
    let qualifiers = prop::sample::select(&["", "async ", "pub async ", "pub(crate) "][..]);
    let raw = prop::sample::select(&["", "r#"][..]);
    let body = prop::sample::select(BODIES);
    (0..RPCS.len(), attributes, qualifiers, raw, body, grouped()).prop_map(
        |(rpc, attributes, qualifiers, raw, body, grouped)| {
            let (method, request) = (RPCS[rpc].method, RPCS[rpc].request);
            let text =
                format!("{qualifiers}fn {raw}{method}(&self, _: {request}) -> Output {body}");
            Written {
                rpc: Some(rpc),
                attributes,
                text,
                grouped,
            }
        },
    )
}

fn other() -> impl Strategy<Value = Written> {
    let text = prop_oneof![4 => prop::sample::select(OTHERS), 1 => prop::sample::select(CALLS)];
    (text, grouped()).prop_map(|(text, grouped)| Written {
        rpc: None,
        attributes: Vec::new(),
        text: text.to_owned(),
        grouped,
    })
}

fn grouped() -> impl Strategy<Value = Grouped> {
    prop::sample::select(
        &[
            Grouped::Nothing,
            Grouped::Body,
            Grouped::BodyTwice,
            Grouped::Item,
            Grouped::ItemAndBody,
        ][..],
    )
}

impl Written {
    fn tokens(&self) -> TokenStream {
        let attributes = tokens(&self.attributes.join(" "));
        let mut item: Vec<TokenTree> = tokens(&self.text).into_iter().collect();
        let has_body = |item: &[TokenTree]| matches!(item.last(), Some(TokenTree::Group(it)) if it.delimiter() == Delimiter::Brace);
        let body = matches!(
            self.grouped,
            Grouped::Body | Grouped::BodyTwice | Grouped::ItemAndBody
        );
        if body
            && has_body(&item)
            && let Some(last) = item.pop()
        {
            let group = invisible(last.into());
            item.push(match self.grouped {
                Grouped::BodyTwice => invisible(group.into()),
                _ => group,
            });
        }
        let mut all = attributes;
        all.append_all(item);
        match self.grouped {
            Grouped::Item | Grouped::ItemAndBody => invisible(all).into(),
            _ => all,
        }
    }
}

fn invisible(tokens: TokenStream) -> TokenTree {
    Group::new(Delimiter::None, tokens).into()
}

/// What the expansion says that it serves, and the names that it takes so that rustc refuses
/// another method of that name.
fn outcome(expansion: &File) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut served, mut reserved) = (BTreeSet::new(), BTreeSet::new());
    let generated = expansion.items.iter().filter_map(|item| match item {
        Item::Const(item) => Some(quote!(#item).to_string()),
        _ => None,
    });
    for text in generated {
        for rpc in RPCS {
            let (name, method) = (rpc.name, rpc.method);
            if text.contains(&format!("__cvt :: Rpc :: {name} ,")) {
                served.insert(method.to_owned());
            }
            if text.contains(&format!("fn {method} () {{ }}")) {
                reserved.insert(method.to_owned());
            }
        }
    }
    (served, reserved)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn served_handlers_are_those_written(
        items in prop::collection::vec(prop_oneof![handler(), other()], 0..6)
    ) {
        let block: TokenStream = items.iter().map(Written::tokens).collect();
        let output = expand(tokens(r#"name = "rest""#), &quote!(impl Rest { #block }));
        if output.to_string().contains("compile_error !") {
            return Ok(());
        }
        // A body that rustc cannot read is in the author's block alone.
        let expansion: File = syn::parse2(without_bodies(output)).expect("it is Rust");
        let written: BTreeSet<_> = items.iter().filter_map(|item| item.rpc).collect();
        let written: BTreeSet<_> = written.into_iter().map(|rpc| RPCS[rpc].method.to_owned()).collect();
        let twice = items.iter().filter(|item| item.rpc.is_some()).count() > written.len();
        let (served, reserved) = outcome(&expansion);
        let missing: BTreeSet<_> = written.difference(&served).cloned().collect();
        // rustc reports two methods of one name.
        prop_assert!(missing.is_subset(&reserved) || twice, "{missing:?} of {items:#?}");
        prop_assert!(served.is_subset(&written), "{served:?} of {items:#?}");
        let is_refused = quote!(#expansion).to_string().contains("handles_something");
        prop_assert!(!served.is_empty() || twice || is_refused, "nothing of {items:#?}");
        prop_assert!(methods(&expansion) >= items.iter().filter(|it| it.rpc.is_some()).count());
    }
}

/// The author's block with empty bodies.
fn without_bodies(output: TokenStream) -> TokenStream {
    let mut is_first = true;
    let tokens = output.into_iter().map(|token| match token {
        TokenTree::Group(block) if std::mem::take(&mut is_first) => {
            let items = block.stream().into_iter().map(emptied);
            Group::new(block.delimiter(), items.collect()).into()
        }
        token => token,
    });
    tokens.collect()
}

fn emptied(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            Group::new(Delimiter::Brace, TokenStream::new()).into()
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let tokens = group.stream().into_iter().map(emptied);
            Group::new(Delimiter::None, tokens.collect()).into()
        }
        token => token,
    }
}

/// How many handlers the author's block still has.
fn methods(expansion: &File) -> usize {
    let blocks = expansion.items.iter().filter_map(|item| match item {
        Item::Impl(block) => Some(&block.items),
        _ => None,
    });
    let text = |item: &ImplItem| quote!(#item).to_string();
    let is_handler = |item: &&ImplItem| RPCS.iter().any(|rpc| text(item).contains(rpc.method));
    blocks.flatten().filter(is_handler).count()
}
