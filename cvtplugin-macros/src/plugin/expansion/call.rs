//! One delegating call, its tokens placed so that rustc reports a wrong type at that type.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Type, TypePath};

use crate::plugin::model::Handler;

/// A method of one of our traits, which passes a call on to the author's.
pub(super) struct Call<'a> {
    pub(super) handler: &'a Handler<'a>,
    /// The author's type.
    pub(super) plugin: &'a Type,
    /// An `&Arc` of the plugin; none for a constructor.
    pub(super) receiver: Option<TokenStream>,
    /// The arguments in scope, of which the author may have left out the first ones.
    pub(super) arguments: &'a [&'a str],
    /// What takes the answer: a function of `cvtplugin::__private` and its type arguments.
    pub(super) taken_by: (&'a str, TokenStream),
}

impl Call<'_> {
    /// The method's body: an `async fn` is awaited in place, a plain one runs on the blocking
    /// pool.
    pub(super) fn body(&self) -> TokenStream {
        let passed = self.passed();
        match &self.receiver {
            Some(receiver) if self.handler.is_async() => self.call(&quote!(#receiver, #passed)),
            Some(receiver) => {
                let call = self.call(&quote!(this, #passed));
                quote!(__cvt::blocking(#receiver, move |this| #call).await)
            }
            None if self.handler.is_async() => self.call(&passed),
            None => {
                let call = self.call(&passed);
                quote!(__cvt::blocking_new(move || #call).await)
            }
        }
    }

    /// `taken_by(Plugin::method(arguments))`, over the tokens of the author's return type.
    fn call(&self, arguments: &TokenStream) -> TokenStream {
        let (start, end) = output_span(self.handler);
        let (plugin, method) = (self.plugin, self.handler.name());
        let open = quote_spanned!(start=> <);
        let awaited = self
            .handler
            .is_async()
            .then(|| quote_spanned!(end=> .await));
        let arguments = parenthesized(arguments.clone(), end);
        let answer = quote!(#open #plugin>::#method #arguments #awaited);
        let answer = parenthesized(answer, end);

        let (function, types) = &self.taken_by;
        let function = Ident::new(function, start);
        let function = quote_spanned!(start=> __cvt::#function::<#types>);
        quote!(#function #answer)
    }

    /// The arguments that the author's method takes, each at its type.
    fn passed(&self) -> TokenStream {
        let taken = self.handler.arguments();
        let left_out = self.arguments.len().saturating_sub(taken.len());
        let pairs = self.arguments.iter().skip(left_out).zip(taken);
        let passed = pairs.map(|(name, argument)| {
            let span = here(telling_span(&argument.ty));
            let pass = if *name == "value" {
                quote_spanned!(span=> pass_secret)
            } else {
                quote_spanned!(span=> pass)
            };
            let name = Ident::new(name, span);
            quote_spanned!(span=> __cvt::#pass(#name))
        });
        quote!(#(#passed),*)
    }
}

/// The return type in one of our traits' methods. A future that is not `Send` is reported where
/// it stands, so it stands at the name of the author's method.
pub(super) fn output(handler: &Handler<'_>, output: TokenStream) -> TokenStream {
    respanned(output, here(handler.name().span()))
}

fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    tokens.collect()
}

/// `function::<Plugin, others>()`, over the tokens of the author's type.
pub(super) fn over(plugin: &Type, function: TokenStream, others: &TokenStream) -> TokenStream {
    let (start, end) = ends(plugin.to_token_stream());
    let function = respanned(function, here(start));
    let arguments = parenthesized(TokenStream::new(), here(end));
    quote!(#function::<#plugin #others> #arguments)
}

/// Where the author's return type starts and ends; without one, the method's name.
fn output_span(handler: &Handler<'_>) -> (Span, Span) {
    let (start, end) = ends(match handler.output() {
        Some(output) => output.to_token_stream(),
        None => handler.name().to_token_stream(),
    });
    (here(start), here(end))
}

/// The token that tells most of a type: the last name in a path.
fn telling_span(ty: &Type) -> Span {
    match ty {
        Type::Path(TypePath { path, .. }) => {
            let last = path.segments.last();
            last.map_or_else(Span::call_site, |segment| segment.ident.span())
        }
        _ => ends(ty.to_token_stream()).0,
    }
}

/// The places of the first and the last token: rustc joins them, which a macro cannot.
fn ends(tokens: TokenStream) -> (Span, Span) {
    let mut spans = tokens.into_iter().map(|token: TokenTree| token.span());
    let start = spans.next().unwrap_or_else(Span::call_site);
    (start, spans.last().unwrap_or(start))
}

/// There, but with names resolved as ours.
fn here(span: Span) -> Span {
    Span::call_site().located_at(span)
}

fn parenthesized(tokens: TokenStream, span: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(span);
    group
}
