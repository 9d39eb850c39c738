//! The author's impl block: its methods, and what of its attributes is ours.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, ItemImpl, Signature, Visibility};

use super::attributes::{Attributes, Reader};
use super::cfg::Cfg;
use super::items::{Item, Items, Kind, flatten};
use super::role::Role;
use crate::errors::Errors;
use crate::rpcs;

/// An impl block.
pub(crate) struct Block {
    /// The block without what is in it.
    pub(crate) header: ItemImpl,
    pub(crate) methods: Vec<Method>,
    /// Whether there may be methods that cannot be seen here.
    pub(crate) has_unknown: bool,
    /// Whether there is what rustc cannot read either, and reports.
    pub(crate) has_unreadable: bool,
    /// Whether anything in it is, or speaks of, `deprecated`.
    pub(crate) deprecated: bool,
    /// The block as written, without our own attributes in it, and with what allows the
    /// signatures of its handlers.
    pub(crate) tokens: TokenStream,
}

/// A method without its body.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) cfgs: Vec<Cfg>,
    /// Whether the author keeps it to himself with `#[cvt_plugin(ignore)]`.
    pub(crate) ignored: bool,
    /// Read only where it matters, for a name that CVT knows; none if it is half-typed.
    pub(crate) signature: Option<Signature>,
}

impl Method {
    /// The name as CVT knows it, without an `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }
}

impl Block {
    /// Reads an impl block; `None` for any other item.
    pub(crate) fn parse(item: TokenStream, reader: &Reader, errors: &mut Errors) -> Option<Self> {
        let mut header = flatten(item);
        let Some(TokenTree::Group(body)) = header.pop() else {
            return None;
        };
        if body.delimiter() != Delimiter::Brace {
            return None;
        }
        let mut rest = Items(&header);
        let attributes = reader.read_header(&rest.attributes(), errors);
        let mut start = TokenStream::new();
        start.append_all(attributes);
        start.append_all(rest.0);
        let header: ItemImpl = syn::parse2(quote!(#start {})).ok()?;

        let mut block = Self {
            deprecated: header.attrs.iter().any(speaks_of_deprecated),
            header,
            methods: Vec::new(),
            has_unknown: false,
            has_unreadable: false,
            tokens: TokenStream::new(),
        };
        let tokens = flatten(body.stream());
        let mut has_own = false;
        for item in Items(&tokens) {
            has_own |= block.add(&item, reader, errors);
        }
        let mut group = Group::new(Delimiter::Brace, std::mem::take(&mut block.tokens));
        group.set_span(body.span());
        block.tokens = if block.has_unknown && !has_own {
            // Half-typed, most likely: rustc has reported it, and does not repeat what it finds in
            // the very same tokens.
            quote!(#start #body)
        } else {
            quote!(#start #group)
        };
        Some(block)
    }

    /// Adds an item; whether it has attributes of ours, which are left out.
    fn add(&mut self, item: &Item<'_>, reader: &Reader, errors: &mut Errors) -> bool {
        let attributes = reader.read(&item.attributes, errors);
        self.deprecated |= attributes.deprecated;
        match &item.kind {
            Kind::Method { name, signature } => self.add_method(name, signature, &attributes),
            Kind::MacroCall => {
                self.has_unknown = true;
                check_macro_call(item, &attributes, reader, errors);
            }
            Kind::Other => {
                if let Some(own) = attributes.own.first() {
                    let message = format!(
                        "`#[{}(ignore)]` is for methods and macro calls: remove it",
                        reader.name
                    );
                    errors.spanning(own, message);
                }
            }
            Kind::Unreadable => {
                self.has_unknown = true;
                self.has_unreadable = true;
            }
        }
        self.tokens.append_all(attributes.others);
        self.tokens.append_all(item.tokens);
        !attributes.own.is_empty()
    }

    fn add_method(&mut self, name: &Ident, signature: &[TokenTree], attributes: &Attributes<'_>) {
        let mut method = Method {
            name: name.clone(),
            cfgs: attributes.cfgs.clone(),
            ignored: attributes.ignored,
            signature: None,
        };
        let has_role = Role::by_name(&method.plain_name()).is_some();
        // A slip in `ignore`, which has been reported, is no second one in the name.
        method.ignored |= !has_role && !attributes.own.is_empty();
        if method.ignored || !has_role {
            self.methods.push(method);
            return;
        }
        self.tokens.append_all(allowed_lints());
        let signature: TokenStream = signature.iter().cloned().collect();
        match syn::parse2::<Head>(signature) {
            Ok(head) => method.signature = Some(head.0),
            // For rustc to report.
            Err(_) => self.has_unknown = true,
        }
        add_variants(method, &mut self.methods);
    }
}

/// A signature after its visibility.
struct Head(Signature);

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Visibility>()?;
        input.parse().map(Self)
    }
}

/// Adds the method, once with and once without each argument that is under a `#[cfg]`.
fn add_variants(mut with: Method, methods: &mut Vec<Method>) {
    let inputs = with.signature.as_mut().map(|it| &mut it.inputs);
    let conditional = inputs
        .into_iter()
        .flatten()
        .enumerate()
        .find_map(|(index, argument)| {
            let attributes = match argument {
                FnArg::Typed(argument) => &mut argument.attrs,
                FnArg::Receiver(_) => return None,
            };
            let cfgs: Vec<_> = attributes.iter().filter_map(Cfg::of).collect();
            attributes.clear();
            (!cfgs.is_empty()).then(|| (index, Cfg::all(&cfgs)))
        });
    let Some((index, cfg)) = conditional else {
        methods.push(with);
        return;
    };
    let mut without = with.clone();
    without.cfgs.push(Cfg::none(std::slice::from_ref(&cfg)));
    if let Some(signature) = &mut without.signature {
        let inputs = std::mem::take(&mut signature.inputs)
            .into_iter()
            .enumerate();
        signature.inputs = inputs
            .filter_map(|(position, argument)| (position != index).then_some(argument))
            .collect();
    }
    with.cfgs.push(cfg);
    add_variants(with, methods);
    add_variants(without, methods);
}

/// What a macro call makes cannot be seen before rustc expands it, which is later.
fn check_macro_call(
    item: &Item<'_>,
    attributes: &Attributes<'_>,
    reader: &Reader,
    errors: &mut Errors,
) {
    let tokens: TokenStream = item.tokens.iter().cloned().collect();
    let name = reader.name.as_str();
    if let Some(method) = handler_within(tokens.clone()) {
        let message = format!(
            "`#[{name}]` does not see what a macro call makes, so that CVT would never call \
             `{method}`: write the method out in this block"
        );
        errors.spanning(tokens, message);
    } else if !attributes.ignored {
        let message = format!(
            "`#[{name}]` does not see what a macro call makes: write out the methods that CVT \
             calls. If there are none among them, mark it `#[{name}(ignore)]`, or move it to an \
             impl block of its own"
        );
        errors.spanning(tokens, message);
    }
}

/// The name of an RPC's method among the tokens.
fn handler_within(tokens: TokenStream) -> Option<&'static str> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => {
            rpcs::by_method(&ident.unraw().to_string()).map(|rpc| rpc.method)
        }
        TokenTree::Group(group) => handler_within(group.stream()),
        _ => None,
    })
}

fn speaks_of_deprecated(attribute: &Attribute) -> bool {
    let tokens = attribute.to_token_stream();
    tokens.to_string().contains("deprecated")
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
