//! The impl: a constant for each field, and what puts them together.
//!
//! Everything stands inside an anonymous constant, where `__cvt` is the private module of
//! cvtplugin, so that no name of the author's matters and none is taken.
//!
//! The impl says `for<'a> Config: Send + Sync`, which rustc takes on trust for its bound lifetime:
//! the bound is checked by `__cvt::send`, once.

mod field;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::model::Model;
use super::types;

/// Expands the model; if it is not `sound`, to a stub and the checks that rustc makes.
pub(crate) fn expand(model: &Model<'_>, sound: bool) -> TokenStream {
    let (krate, name) = (&model.krate, model.name);
    if !model.generics.params.is_empty() {
        return stub(model);
    }
    let fields = model.fields.iter().filter(|it| !types::is_borrowed(it.ty));
    let (constants, fields): (Vec<_>, Vec<_>) = fields
        .enumerate()
        .map(|(index, field)| {
            let constant = format_ident!("__CVT_{index}");
            let expanded = field::expand(&constant, field);
            (constant, expanded)
        })
        .unzip();
    let from_values = if sound {
        from_values(model, &constants)
    } else {
        quote!(::core::unimplemented!())
    };
    let allowed = model.deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #allowed
        const _: () = {
            use #krate::__private::config as __cvt;
            use __cvt::NotSecret as _;
            const _: fn() = || {
                __cvt::send::<#name>().sync();
            };
            #(#fields)*

            #[automatically_derived]
            impl __cvt::PluginConfig for #name
            where
                for<'a> #name: __cvt::SendSync,
            {
                const KEYS: &'static [__cvt::ConfigKey] = &[#(#constants.key),*];

                fn from_values(values: &__cvt::ConfigValues) -> __cvt::Result<Self> {
                    #from_values
                }
            }
        };
    }
}

/// An impl for a struct that cannot be a config, which has been reported: it is one to rustc.
fn stub(model: &Model<'_>) -> TokenStream {
    let (krate, name) = (&model.krate, model.name);
    let (generics, arguments, clause) = model.generics.split_for_impl();
    let predicates = clause.into_iter().flat_map(|clause| &clause.predicates);
    quote! {
        const _: () = {
            use #krate::__private::config as __cvt;

            #[automatically_derived]
            impl #generics __cvt::PluginConfig for #name #arguments
            where
                #(#predicates,)*
                Self: __cvt::SendSync + 'static,
            {
                const KEYS: &'static [__cvt::ConfigKey] = &[];

                fn from_values(_: &__cvt::ConfigValues) -> __cvt::Result<Self> {
                    ::core::unimplemented!()
                }
            }
        };
    }
}

fn from_values(model: &Model<'_>, constants: &[Ident]) -> TokenStream {
    if constants.is_empty() {
        return quote! {
            let _ = values;
            __cvt::Ok(Self {})
        };
    }
    let fields: Vec<_> = model.fields.iter().map(|field| field.ident).collect();
    let values: Vec<_> = (0..fields.len())
        .map(|index| format_ident!("value_{index}"))
        .collect();
    quote! {
        let mut reader = __cvt::Reader::new(values);
        let (#(__cvt::Some(#values),)*) = (#(reader.read(&#constants),)*) else {
            return __cvt::Err(reader.into_error());
        };
        __cvt::Ok(Self { #(#fields: #values),* })
    }
}
