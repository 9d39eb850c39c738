//! The code that makes a plugin of the author's type: one delegating call per method.
//!
//! Everything stands inside an anonymous constant, where `__cvt` is the private module of
//! cvtplugin, so that no name of the author's matters and none is taken.
//!
//! A deprecated method is still called: the deprecation is for other callers. The adapter is
//! `pub` because the author's type may be.
//!
//! The impls say `for<'a> Plugin: Send + Sync`, which rustc takes on trust for its bound
//! lifetime. The bound is checked once, in `__cvt::main` or `__cvt::check`, instead of once for
//! every future and trait that needs it.

mod adapters;
mod call;
mod cfg;
mod hooks;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Type;

use super::arguments::{Arguments, Flavor};
use super::model::Model;
use crate::rpcs::{RPCS, Service};

pub(crate) fn expand(model: &Model<'_>, arguments: &Arguments) -> TokenStream {
    let krate = &arguments.krate;
    let plugin = model.plugin;
    let adapters = adapters::expand(model);
    let registry = service_type(model, Service::Registry);
    let events = service_type(model, Service::Events);
    let rpcs = handled(model);
    let info = info(model, arguments);
    let runtime = runtime(arguments);
    let config = hooks::config(model);
    let new = hooks::new(model);
    let others = hooks::others(model);
    let check = (!arguments.main).then(|| {
        let check = call::over(plugin, quote!(__cvt::check), &quote!(, _));
        quote!(const _: () = #check;)
    });
    let main = arguments.main.then(|| main(krate, plugin));
    quote! {
        #[allow(deprecated)]
        const _: () = {
            use #krate::__private as __cvt;
            #adapters

            impl __cvt::Plugin for #plugin
            where
                for<'a> #plugin: __cvt::SendSync,
            {
                #config
                type Registry = #registry;
                type Events = #events;
                const RPCS: &'static [__cvt::Rpc] = &[#rpcs];
                #info
                #runtime
                #new
                #others
            }
            #check
        };
        #main
    }
}

/// The type that serves a service: our adapter, if any of its RPCs is handled.
fn service_type(model: &Model<'_>, service: Service) -> TokenStream {
    if model.serves(service) {
        quote!(__CvtAdapter)
    } else {
        quote!(__cvt::NotProvided)
    }
}

/// The RPCs handled, each under the `#[cfg]`s of its method.
fn handled(model: &Model<'_>) -> TokenStream {
    let handled = RPCS.iter().flat_map(|rpc| {
        let name = format_ident!("{}", rpc.name);
        model.handlers_of(rpc).map(move |handler| {
            let cfgs = &handler.method.cfgs;
            quote!(#(#cfgs)* __cvt::Rpc::#name,)
        })
    });
    handled.collect()
}

fn info(model: &Model<'_>, arguments: &Arguments) -> TokenStream {
    let name = &model.name;
    let version = if let Some(version) = &arguments.version {
        quote!(#version)
    } else {
        quote!(::core::env!("CARGO_PKG_VERSION"))
    };
    quote! {
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new(#name, #version)
        }
    }
}

/// The author's choice of runtime, if there is one.
fn runtime(arguments: &Arguments) -> Option<TokenStream> {
    let threads = arguments.worker_threads.iter();
    let single = match arguments.flavor {
        Some(Flavor::CurrentThread) => Some(quote!(.worker_threads(1))),
        Some(Flavor::MultiThread) => None,
        None if arguments.worker_threads.is_some() => None,
        None => return None,
    };
    Some(quote! {
        fn runtime() -> __cvt::RuntimeOptions {
            __cvt::RuntimeOptions::new() #single #(.worker_threads(#threads))*
        }
    })
}

fn main(krate: &TokenStream, plugin: &Type) -> TokenStream {
    let served = call::over(plugin, quote!(#krate::__private::main), &quote!(, _));
    quote! {
        fn main() -> #krate::__private::ExitCode {
            #served
        }
    }
}

/// A `main` for a binary whose plugin is not to be had, so that rustc does not miss it as well.
pub(crate) fn stand_in_main(arguments: &Arguments, item: &TokenStream) -> Option<TokenStream> {
    let is_main = |token| matches!(token, TokenTree::Ident(ident) if ident == "main");
    let has_main = item.clone().into_iter().any(is_main);
    let main = quote! { fn main() {} };
    (arguments.main && !has_main).then_some(main)
}
