//! The author's impl block, read without looking into any body: those are rustc's business, and
//! a half-typed one must not cost the author the rest of the block.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::buffer::Cursor;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ItemImpl, Signature, Token, Visibility};

use super::model::Role;
use crate::errors::Errors;

/// An impl block.
pub(crate) struct Block {
    /// The block without what is in it.
    pub(crate) header: ItemImpl,
    pub(crate) methods: Vec<Method>,
    /// Whether a method could not be read. What it is for is then unknown.
    pub(crate) unreadable: bool,
    /// The block as written, less our own attributes on methods, plus what allows their signatures.
    pub(crate) tokens: TokenStream,
}

/// A method without its body.
pub(crate) struct Method {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) signature: Signature,
    /// Whether the author keeps it out of this with `#[cvt_plugin(ignore)]`.
    pub(crate) ignored: bool,
}

impl Block {
    /// Reads an impl block; `None` for any other item.
    pub(crate) fn parse(item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut header: Vec<TokenTree> = item.into_iter().collect();
        let Some(TokenTree::Group(body)) = header.pop() else {
            return None;
        };
        if body.delimiter() != Delimiter::Brace {
            return None;
        }
        let start: TokenStream = header.into_iter().collect();
        let header = syn::parse2(quote!(#start {})).ok()?;

        let mut content = Content::default();
        let parser = |input: ParseStream<'_>| content.read(input, errors);
        // Reading item by item ends at the end of the input and nowhere else.
        parser.parse2(body.stream()).ok()?;

        let mut group = Group::new(Delimiter::Brace, content.tokens);
        group.set_span(body.span());
        Some(Self {
            header,
            methods: content.methods,
            unreadable: content.unreadable,
            tokens: quote!(#start #group),
        })
    }
}

#[derive(Default)]
struct Content {
    methods: Vec<Method>,
    unreadable: bool,
    tokens: TokenStream,
}

impl Content {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        while !input.is_empty() {
            let is_inner_attribute = input.peek(Token![#]) && input.peek2(Token![!]);
            let ahead = input.fork();
            match Attribute::parse_outer(&ahead) {
                _ if is_inner_attribute => self.copy(input, 3)?,
                Ok(attributes) => {
                    input.advance_to(&ahead);
                    self.read_item(attributes, input, errors)?;
                }
                Err(_) => self.copy_item(input)?,
            }
        }
        Ok(())
    }

    fn read_item(
        &mut self,
        attributes: Vec<Attribute>,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let ahead = input.fork();
        let Ok(signature) = parse_signature(&ahead) else {
            self.tokens.append_all(attributes);
            return self.copy_item(input);
        };
        let (own, others): (Vec<_>, Vec<_>) = attributes.into_iter().partition(is_own);
        if own.is_empty() && Role::by_name(&signature.ident.to_string()).is_some() {
            self.tokens.append_all(allowed_lints());
        }
        self.tokens.append_all(&others);
        self.methods.push(Method {
            cfgs: others
                .into_iter()
                .filter(|it| it.path().is_ident("cfg"))
                .collect(),
            signature,
            ignored: !own.is_empty(),
        });
        for attribute in own {
            check_own(&attribute, errors);
        }
        self.copy_until(input, ahead.cursor())?;
        // A missing body is for rustc to report.
        self.copy_item(input)
    }

    /// Copies so many tokens: `#`, `!` and the brackets of an inner attribute are three.
    fn copy(&mut self, input: ParseStream<'_>, count: usize) -> syn::Result<()> {
        for _ in 0..count {
            input.parse::<TokenTree>()?.to_tokens(&mut self.tokens);
        }
        Ok(())
    }

    /// Copies what comes before `end`.
    fn copy_until(&mut self, input: ParseStream<'_>, end: Cursor<'_>) -> syn::Result<()> {
        while !input.is_empty() && input.cursor() != end {
            input.parse::<TokenTree>()?.to_tokens(&mut self.tokens);
        }
        Ok(())
    }

    /// Copies up to the end of an item: a semicolon, or a body in braces.
    fn copy_item(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let is_method = may_be_a_method(input);
        while !input.is_empty() {
            let token: TokenTree = input.parse()?;
            let is_end = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                // The value of a constant may have braces in it.
                TokenTree::Group(group) => is_method && group.delimiter() == Delimiter::Brace,
                TokenTree::Ident(ident) => {
                    // Before a name, a method that an unfinished constant runs into.
                    let is_named = input.peek(syn::Ident);
                    self.unreadable |= ident == "fn" && (is_method || is_named);
                    false
                }
                TokenTree::Literal(_) => false,
            };
            token.to_tokens(&mut self.tokens);
            if is_end {
                break;
            }
        }
        Ok(())
    }
}

/// Whether an item may be a method, half-typed perhaps: it is no constant and no type, where `fn`
/// is a pointer.
fn may_be_a_method(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_constant = |it: ParseStream<'_>| {
        it.peek(Token![const]) && (it.peek2(syn::Ident) || it.peek2(Token![_]))
    };
    ahead.parse::<Visibility>().is_err() || !(ahead.peek(Token![type]) || is_constant(&ahead))
}

/// What Clippy may say of a signature that CVT dictates. It comes before the author's attributes,
/// which may say otherwise.
pub(super) fn allowed_lints() -> TokenStream {
    quote! {
        #[allow(
            clippy::needless_pass_by_value,
            clippy::unnecessary_wraps,
            clippy::unused_async,
            clippy::unused_self
        )]
    }
}

fn parse_signature(input: ParseStream<'_>) -> syn::Result<Signature> {
    input.parse::<Visibility>()?;
    input.parse()
}

/// Whether it is `#[cvt_plugin(..)]`, under whatever path.
fn is_own(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "cvt_plugin")
}

fn check_own(attribute: &Attribute, errors: &mut Errors) {
    let argument = attribute.parse_args::<syn::Ident>();
    if !argument.is_ok_and(|argument| argument == "ignore") {
        let message = "on a method there is only `#[cvt_plugin(ignore)]`, which keeps the method \
                       to the author; other arguments go on the impl block";
        errors.over(attribute, message);
    }
}
