//! One delegating call, its tokens placed so that rustc reports a wrong type at that type.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, Type, TypePath};

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
    /// What takes the returned value: a function of `cvtplugin::__private` and its type arguments.
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

    /// `taken_by(Plugin::method(arguments))`, over the tokens of the author's return type; and if
    /// that may fail, its error in turn, over those of the error type.
    fn call(&self, arguments: &TokenStream) -> TokenStream {
        let (start, end) = output_span(self.handler);
        let returned = parenthesized(self.returned(arguments), end);
        let (function, types) = &self.taken_by;
        let name = Ident::new(function, start);
        let taken = quote_spanned!(start=> __cvt::#name::<#types> #returned);
        match error_span(self.handler) {
            _ if *function == "exactly" => taken,
            None => quote!(__cvt::into_error(#taken)),
            Some((start, end)) => {
                // What is wrong with the argument of a call is reported over all of that argument.
                let taken = parenthesized(taken, end);
                let taken = quote_spanned!(start=> __cvt::identity #taken);
                quote!(__cvt::into_error(#taken))
            }
        }
    }

    fn returned(&self, arguments: &TokenStream) -> TokenStream {
        let (start, end) = output_span(self.handler);
        let (plugin, method) = (self.plugin, self.handler.name());
        let open = quote_spanned!(start=> <);
        let awaited = self
            .handler
            .is_async()
            .then(|| quote_spanned!(end=> .await));
        let arguments = parenthesized(arguments.clone(), end);
        quote!(#open #plugin>::#method #arguments #awaited)
    }

    /// The arguments that the author's method takes, each at its type.
    fn passed(&self) -> TokenStream {
        let taken = self.handler.arguments();
        let left_out = self.arguments.len().saturating_sub(taken.len());
        let pairs = self.arguments.iter().skip(left_out).zip(taken);
        let passed = pairs.map(|(name, argument)| pass(name, &argument.ty));
        quote!(#(#passed),*)
    }
}

/// Passes on an argument.
fn pass(name: &str, ty: &Type) -> TokenStream {
    let (start, end) = last_segment_span(ty);
    let argument = Ident::new(name, end);
    let argument = if let Type::Path(_) = ty {
        quote!(#argument)
    } else {
        // CVT sends no such thing, which rustc is to say over all of the type.
        let argument = parenthesized(quote!(#argument), end);
        quote_spanned!(start=> __cvt::identity #argument)
    };
    let pass = match name {
        "value" => Ident::new("pass_secret", end),
        _ => Ident::new("pass", end),
    };
    quote_spanned!(start=> __cvt::#pass(#argument))
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

/// `function::<Plugin>()`, over the tokens of the author's type.
pub(super) fn spanned_over(plugin: &Type, function: TokenStream) -> TokenStream {
    let (start, end) = ends_of(plugin.to_token_stream());
    let function = respanned(function, start);
    let arguments = parenthesized(TokenStream::new(), end);
    quote!(#function::<#plugin> #arguments)
}

/// `function(argument)`, over the tokens of the author's argument.
pub(super) fn spanned_call(function: &TokenStream, argument: &impl ToTokens) -> TokenStream {
    let (start, end) = ends_of(argument.to_token_stream());
    let function = respanned(function.clone(), start);
    let argument = parenthesized(argument.to_token_stream(), end);
    quote!(#function #argument)
}

/// Where the author's return type starts and ends; without one, the method's name.
fn output_span(handler: &Handler<'_>) -> (Span, Span) {
    ends_of(match handler.output() {
        Some(output) => output.to_token_stream(),
        None => handler.name().to_token_stream(),
    })
}

/// Where the error type in the author's return type starts and ends, if it is spelled.
fn error_span(handler: &Handler<'_>) -> Option<(Span, Span)> {
    let error = handler.output().and_then(error_of)?;
    Some(ends_of(error.to_token_stream()))
}

/// The `E` of a `Result<_, E>`.
fn error_of(output: &Type) -> Option<&Type> {
    let Type::Path(TypePath { path, .. }) = output else {
        return None;
    };
    let last = path.segments.last().filter(|it| it.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.get(1) {
        Some(GenericArgument::Type(error)) => Some(error),
        _ => None,
    }
}

/// What tells most of a type: the last name in a path, or else all of it.
fn last_segment_span(ty: &Type) -> (Span, Span) {
    if let Type::Path(TypePath { path, .. }) = ty
        && let Some(last) = path.segments.last()
    {
        return ends_of(last.ident.to_token_stream());
    }
    ends_of(ty.to_token_stream())
}

/// Where the tokens start.
pub(super) fn start_of(tokens: TokenStream) -> Span {
    ends_of(tokens).0
}

/// The places of the first and the last token: rustc joins them, which a macro cannot.
fn ends_of(tokens: TokenStream) -> (Span, Span) {
    let mut spans = tokens
        .into_iter()
        .map(|token: TokenTree| here(token.span()));
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
