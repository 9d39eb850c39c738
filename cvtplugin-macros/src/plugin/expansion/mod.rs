//! The code that makes a plugin of the author's type: one delegating call per method.
//!
//! Everything stands inside an anonymous constant, where `__cvt` is the private module of
//! cvtplugin, so that no name of the author's matters and none is taken.
//!
//! A deprecated method is still called: the deprecation is for other callers. The adapter is
//! `pub` because the author's type may be.
//!
//! The impls say `for<'a> Plugin: Send + Sync`, which rustc takes on trust for its bound
//! lifetime. The bound is checked once, in `__cvt::send`, instead of once for every future and
//! trait that needs it.

mod absence;
mod adapters;
mod call;
mod guards;
mod hooks;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::arguments::Arguments;
use super::block::Block;
use super::model::Model;
use crate::rpcs::{RPCS, Service};

pub(crate) fn expand(
    model: &Model<'_>,
    block: &Block,
    arguments: &Arguments,
    is_valid: bool,
) -> TokenStream {
    let krate = &arguments.krate;
    let plugin = model.plugin;
    let allowed = block.deprecated.then(|| quote!(#[allow(deprecated)]));
    let adapters = adapters::expand(model);
    let registry = service_type(model, Service::Registry);
    let events = service_type(model, Service::Events);
    let rpcs = handled(model);
    let shared = adapters::taken_as_shared(plugin, &quote!(Self));
    let info = info(model, arguments);
    let secrets = secrets(arguments);
    let runtime = runtime(arguments);
    let layers = layers(arguments);
    let config_type = hooks::config_type(model);
    let config = hooks::config(model);
    let new = hooks::new(model);
    let others = hooks::others(model);
    // One mistake is enough: what follows from it may be reported here as well.
    let reserved = is_valid.then(|| guards::reserved_names(model));
    let presence = (is_valid && !block.has_unreadable).then(|| guards::presence(model, &rpcs));
    let main = arguments
        .main
        .then(|| main(krate, plugin, allowed.as_ref()));
    let check = main.is_none().then(|| check(plugin)).map(|check| {
        quote! {
            const _: fn() = || {
                #check;
            };
        }
    });
    quote! {
        #allowed
        const _: () = {
            use #krate::__private as __cvt;
            #adapters
            #config_type

            impl __cvt::Plugin for #plugin #shared {
                #config
                type Registry = #registry;
                type Events = #events;
                const RPCS: &'static [__cvt::Rpc] = &[#rpcs];
                #secrets
                #info
                #runtime
                #layers
                #new
                #others
            }
            #reserved
            #presence
            #check
        };
        #main
    }
}

/// `send::<Plugin>().sync()`, which checks that the plugin can be shared between threads, in
/// rustc's words and once.
fn check(plugin: &Type) -> TokenStream {
    let send = call::spanned_over(plugin, quote!(__cvt::send));
    let sync = Ident::new("sync", call::start_of(plugin.to_token_stream()));
    quote!(#send.#sync())
}

/// The type that serves a service: our adapter, if any of its RPCs is handled.
fn service_type(model: &Model<'_>, service: Service) -> TokenStream {
    if model.serves(service) {
        quote!(__CvtAdapter<Self>)
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
    let threads = arguments.worker_threads.as_ref()?;
    Some(quote! {
        fn runtime() -> __cvt::RuntimeOptions {
            __cvt::RuntimeOptions::new().worker_threads(#threads)
        }
    })
}

/// The author's layers for the log.
fn layers(arguments: &Arguments) -> Option<TokenStream> {
    let make = arguments.layers.as_ref()?;
    let layers = call::spanned_call(&quote!(__cvt::layers), make);
    Some(quote! {
        fn layers() -> __cvt::Option<__cvt::MakeLayers> {
            #layers
        }
    })
}

/// The keys whose values are secret, for a plugin that takes them one by one.
fn secrets(arguments: &Arguments) -> Option<TokenStream> {
    let (_, keys) = arguments
        .secrets
        .as_ref()
        .filter(|(_, keys)| !keys.is_empty())?;
    Some(quote!(const SECRETS: &'static [&'static str] = &[#(#keys),*];))
}

/// The `main` that serves the plugin, which checks that it is the binary's: in a module or in a
/// function it would be none, and the binary do nothing.
fn main(krate: &TokenStream, plugin: &Type, allowed: Option<&TokenStream>) -> TokenStream {
    let checked = check(plugin);
    quote! {
        #allowed
        fn main() -> ::std::process::ExitCode {
            use #krate::__private as __cvt;
            #checked.main({
                use crate::*;
                main
            })
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
