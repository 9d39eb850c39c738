//! The author's type as `RegistryProvider` and `EventHandler`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::Type;

use super::absence;
use super::call::{self, Call};
use crate::plugin::model::{Handler, Model};
use crate::rpcs::{Response, Rpc, Service};

/// The adapter, with the traits of the services of which something is handled.
pub(super) fn expand(model: &Model<'_>) -> Option<TokenStream> {
    let mut served = Service::ALL
        .into_iter()
        .filter(|&it| model.serves(it))
        .peekable();
    served.peek()?;
    let impls = served.map(|service| service_impl(model, service));
    Some(quote! {
        pub struct __CvtAdapter<P>(__cvt::Arc<P>);

        impl<P> __cvt::From<__cvt::Arc<P>> for __CvtAdapter<P> {
            fn from(plugin: __cvt::Arc<P>) -> Self {
                Self(plugin)
            }
        }

        impl<P> __cvt::Adapter for __CvtAdapter<P> {
            type Plugin = P;
        }
        #(#impls)*
    })
}

fn service_impl(model: &Model<'_>, service: Service) -> TokenStream {
    let plugin = model.plugin;
    let name = match service {
        Service::Registry => quote!(RegistryProvider),
        Service::Events => quote!(EventHandler),
    };
    let methods = service.rpcs().map(|rpc| methods(model, rpc));
    let shared = taken_as_shared(plugin, &quote!(<Self as __cvt::Adapter>::Plugin));
    quote! {
        impl __cvt::#name for __CvtAdapter<#plugin> #shared {
            #(#methods)*
        }
    }
}

/// The trait's method for one RPC, once for each twin of the author's.
fn methods(model: &Model<'_>, rpc: &Rpc) -> TokenStream {
    let handlers: Vec<_> = model.handlers_of(rpc).collect();
    let delegates = handlers.iter().map(|handler| delegate(model, handler, rpc));
    // An event falls back to the trait's own method.
    let absent = match rpc.service {
        Service::Registry => absence::cfg(&handlers),
        Service::Events => None,
    };
    let opted_out = absent.map(|cfg| opted_out(&cfg, rpc));
    quote!(#(#delegates)* #opted_out)
}

fn delegate(model: &Model<'_>, handler: &Handler<'_>, rpc: &Rpc) -> TokenStream {
    let response = message(rpc, rpc.response.message());
    let take = match rpc.response {
        Response::Message(_) => "response",
        Response::Acknowledgement(_) => "acknowledge",
    };
    let call = Call {
        handler,
        plugin: model.plugin,
        receiver: Some(quote!(&self.0)),
        arguments: &["ctx", "request"],
        taken_by: (take, quote!(#response, _)),
    };
    let cfgs = &handler.method.cfgs;
    let method = format_ident!("{}", rpc.method);
    let ctx = handler.context_pattern();
    let request = message(rpc, rpc.request);
    let output = call::output(handler, quote!(__cvt::Result<#response>));
    let body = call.body();
    quote! {
        #(#cfgs)*
        async fn #method(&self, #ctx: __cvt::Context, request: #request) -> #output {
            #body
        }
    }
}

fn opted_out(cfg: &TokenStream, rpc: &Rpc) -> TokenStream {
    let method = format_ident!("{}", rpc.method);
    let name = format_ident!("{}", rpc.name);
    let request = message(rpc, rpc.request);
    let response = message(rpc, rpc.response.message());
    quote! {
        #cfg
        async fn #method(&self, _: __cvt::Context, _: #request) -> __cvt::Result<#response> {
            __cvt::opted_out(__cvt::Rpc::#name).await
        }
    }
}

fn message(rpc: &Rpc, name: &str) -> TokenStream {
    let module = format_ident!("{}", rpc.service.module());
    let name = format_ident!("{}", name);
    quote!(__cvt::#module::#name)
}

/// That the plugin can be shared between threads, which is checked elsewhere. A trait object's
/// lifetime is not known inside a handler, so that rustc would not find there what stands here.
///
/// The type goes by another path, `by`: spelled here too, one that lacks a lifetime would be reported
/// twice.
pub(super) fn taken_as_shared(plugin: &Type, by: &TokenStream) -> Option<TokenStream> {
    let is_dyn = |token| matches!(token, TokenTree::Ident(ident) if ident == "dyn");
    let has_object = plugin.to_token_stream().into_iter().any(is_dyn);
    (!has_object).then(|| quote!(where for<'a> #by: __cvt::SendSync,))
}
