//! A field as a constant, and what rustc checks about it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use crate::config::builtin;
use crate::config::literal::DefaultValue;
use crate::config::model::Field;
use crate::config::types;

pub(super) fn expand(constant: &Ident, field: &Field<'_>) -> TokenStream {
    let ty = field.ty;
    let made = match &field.parse_with {
        Some(parse) => read_with(field, parse),
        None => read_by_type(field),
    };
    let description = field.description.as_ref();
    let description = description.map(|text| quote!(.description(#text)));
    let example = field.example.as_ref().map(|example| {
        let text = &example.text;
        quote!(.example(#text))
    });
    let default = field.default.as_ref().map(|it| default(field, it));
    let secret = secret(field);
    let checks = checks(constant, field);
    quote! {
        const #constant: __cvt::Field<#ty> = #made #description #example #default #secret;
        #checks
    }
}

/// A field that is read as its type says. What cannot be read is reported at the type of a single
/// value, so the `Option` and the `Vec` around it are ours to add.
fn read_by_type(field: &Field<'_>) -> TokenStream {
    let (key, inner) = (&field.key, types::innermost(field.ty));
    let type_name = types::spelled(field.inner_type());
    let optional = types::within(field.ty, "Option").is_some();
    let list = types::within(field.inner_type(), "Vec").is_some();
    let read = match (optional, list) {
        (false, false) => quote!(field),
        (true, false) => quote!(optional),
        (false, true) => quote!(list),
        (true, true) => quote!(optional_list),
    };
    quote!(__cvt::#read::<#inner, _>(#key, #type_name))
}

/// A field that a function of the author's reads. The function makes what is in the `Option`.
fn read_with(field: &Field<'_>, function: &Expr) -> TokenStream {
    let (key, ty, inner) = (&field.key, field.ty, field.inner_type());
    let type_name = types::spelled(inner);
    let at = here(function.span());
    let read = quote_spanned!(at=> |text| __cvt::parse_with::<#inner, _>(text, #function));
    let (parse, optional) = match types::within(ty, "Option") {
        Some(_) => (
            quote!(|text| __CVT_PARSE(text).map(__cvt::Some)),
            Some(quote!(.optional())),
        ),
        None => (quote!(__CVT_PARSE), None),
    };
    quote! {{
        const __CVT_PARSE: __cvt::Parse<#inner> = #read;
        __cvt::field_with::<#ty>(
            #key,
            #type_name,
            #parse,
            |text| __CVT_PARSE(text).map(::core::mem::drop),
        )
        #optional
    }}
}

fn default(field: &Field<'_>, default: &DefaultValue) -> TokenStream {
    match default {
        DefaultValue::Literal(literal) => {
            let text = &literal.text;
            quote!(.default_text(#text))
        }
        DefaultValue::Expression(expr) => {
            let value = fit(field, expr);
            let show = quote_spanned!(here(expr.span())=> __cvt::show(&#value));
            quote!(.default_shown(|| #show))
        }
    }
}

/// A secret is one by its type, or because the author says so.
fn secret(field: &Field<'_>) -> TokenStream {
    if field.secret.is_some() {
        return quote!(.secret_if(true));
    }
    let inner = types::innermost(field.ty);
    quote!(.secret_if(__cvt::Exposed::<#inner>::SECRET || __cvt::Boxed::<#inner>::SECRET))
}

/// The value as one of the field's type, or as a text that is read like a delivered one. What a
/// call returns may depend on the type that is wanted, as with `.into()`, so it is given that.
fn fit(field: &Field<'_>, value: &Expr) -> TokenStream {
    let ty = field.inner_type();
    match value {
        Expr::Call(_) | Expr::MethodCall(_) => quote_spanned!(here(value.span())=> {
            let default: #ty = #value;
            default
        }),
        _ => quote_spanned!(here(value.span())=> __cvt::fit::<#ty, _, _>(#value)),
    }
}

/// What rustc checks where it is written: that a default fits and a secret has none, that a
/// secret redacts itself, and that there is an example where operators need one, as CVT reads it.
fn checks(constant: &Ident, field: &Field<'_>) -> TokenStream {
    let inner = types::innermost(field.ty);
    let mut checks = match field.secret {
        Some(_) => quote!(const _: () = __cvt::redacts::<#inner, _>();),
        None => TokenStream::new(),
    };
    if let Some(default) = &field.default {
        if let DefaultValue::Literal(literal) = default
            && !literal.quoted
            && !builtin::is_primitive(inner)
        {
            let (ty, value) = (field.inner_type(), fit(field, &literal.expr));
            checks.extend(quote!(const _: fn() -> #ty = || #value;));
        }
        let at = default.expr().span();
        checks.extend(assert(constant, "may_have_a_default", at));
    } else if field.example.is_none() && field.is_valid {
        let at = field.ident.span();
        checks.extend(assert(constant, "may_go_without_example", at));
    }
    if let Some(example) = &field.example
        && example.text.contains("${")
    {
        let at = example.expr.span();
        checks.extend(assert(constant, "may_have_a_variable_for_an_example", at));
    }
    checks
}

/// A method of the constant that fails to compile there.
fn assert(constant: &Ident, method: &str, at: Span) -> TokenStream {
    let at = here(at);
    let constant = Ident::new(&constant.to_string(), at);
    let method = Ident::new(method, at);
    quote_spanned!(at=> const _: () = #constant.#method();)
}

/// There, but with names resolved as ours.
fn here(span: Span) -> Span {
    Span::call_site().located_at(span)
}
