//! The methods of the `Plugin` trait that the author may write: `new`, `set_config`, `health`
//! and `shutdown`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::PatType;

use super::absence;
use super::call::{self, Call};
use crate::plugin::model::{Handler, Model, is_spelled};
use crate::plugin::role::Role;
use crate::self_type;

const IS_NEW: fn(Role) -> bool = |role| matches!(role, Role::New);

/// The type of the config, in the impl of our trait.
pub(super) fn config(model: &Model<'_>) -> TokenStream {
    let constructors: Vec<_> = model.handlers(IS_NEW).collect();
    let types = constructors.iter().map(|handler| {
        let cfgs = &handler.method.cfgs;
        let config = if handler.config().is_some() {
            quote!(__CvtConfig)
        } else {
            quote!(())
        };
        quote!(#(#cfgs)* type Config = #config;)
    });
    let none = absence::cfg(&constructors).map(|cfg| quote!(#cfg type Config = ();));
    quote!(#(#types)* #none)
}

/// What `new` takes, in a type as public as any plugin: the author's own may be private.
pub(super) fn config_type(model: &Model<'_>) -> TokenStream {
    let types = model.handlers(IS_NEW).filter_map(|handler| {
        let cfgs = &handler.method.cfgs;
        let ty = handler.config()?.ty.to_token_stream();
        let ty = self_type::named(ty, &model.plugin.to_token_stream());
        // A type that is no config is reported where it stands.
        let start = call::start_of(ty.clone());
        let reader = quote_spanned!(start=> __cvt::reader);
        Some(quote! {
            #(#cfgs)*
            pub struct __CvtConfig(#ty);

            #(#cfgs)*
            impl __cvt::From<#ty> for __CvtConfig {
                fn from(config: #ty) -> Self {
                    Self(config)
                }
            }

            #(#cfgs)*
            impl __cvt::HoldsConfig for __CvtConfig {
                const READER: __cvt::ConfigReader<Self> = #reader::<#ty, _>();
            }
        })
    });
    types.collect()
}

/// The constructor: the author's, or else `Default`.
pub(super) fn new(model: &Model<'_>) -> TokenStream {
    let constructors: Vec<_> = model.handlers(IS_NEW).collect();
    let written = constructors
        .iter()
        .map(|handler| constructor(model, handler));
    let default = absence::cfg(&constructors).map(|cfg| default(model, &cfg));
    quote!(#(#written)* #default)
}

fn constructor(model: &Model<'_>, handler: &Handler<'_>) -> TokenStream {
    let names = handler.arguments();
    let names: Vec<_> = names.iter().map(|argument| name_of(argument)).collect();
    let call = Call {
        handler,
        plugin: model.plugin,
        receiver: None,
        arguments: &names,
        taken_by: ("into_plugin", quote!(Self, _)),
    };
    let cfgs = &handler.method.cfgs;
    let config = if names.contains(&"config") {
        quote!(__CvtConfig(config))
    } else {
        quote!(())
    };
    let tasks = if names.contains(&"tasks") {
        quote!(tasks)
    } else {
        quote!(_)
    };
    let output = call::output(handler, quote!(__cvt::Result<Self>));
    let body = call.body();
    quote! {
        #(#cfgs)*
        async fn new(#config: Self::Config, #tasks: __cvt::Tasks) -> #output {
            #body
        }
    }
}

/// What an argument of a constructor is called in our trait's method.
fn name_of(argument: &PatType) -> &'static str {
    if is_spelled(&argument.ty, "Tasks") {
        "tasks"
    } else {
        "config"
    }
}

fn default(model: &Model<'_>, cfg: &TokenStream) -> TokenStream {
    let plugin = model.plugin;
    let is_written = cfg.is_empty() && model.handlers.iter().any(|it| IS_NEW(it.role));
    let body = if is_written || model.new_is_lost {
        quote!(::core::unimplemented!())
    } else {
        call::spanned_over(plugin, quote!(__cvt::default))
    };
    quote! {
        #cfg
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            #body
        }
    }
}

/// The hooks that are there; the trait has a default for each.
pub(super) fn others(model: &Model<'_>) -> TokenStream {
    let hooks = model.handlers(|role| !role.is_rpc() && !IS_NEW(role));
    hooks.map(|handler| hook(model, handler)).collect()
}

fn hook(model: &Model<'_>, handler: &Handler<'_>) -> TokenStream {
    let is_config = matches!(handler.role, Role::SetConfig);
    let (take, returned, output): (_, _, TokenStream) = match handler.role {
        Role::SetConfig => ("response", quote!(()), quote!(__cvt::Result<()>)),
        Role::Health => ("exactly", quote!(__cvt::Health), quote!(__cvt::Health)),
        _ => ("exactly", quote!(()), quote!(())),
    };
    let call = Call {
        handler,
        plugin: model.plugin,
        receiver: Some(quote!(&self)),
        arguments: if is_config {
            &["ctx", "key", "value"]
        } else {
            &[]
        },
        taken_by: (take, quote!(#returned, _)),
    };
    let cfgs = &handler.method.cfgs;
    let name = handler.name();
    let ctx = handler.context_pattern();
    let arguments = is_config
        .then(|| quote!(, #ctx: __cvt::Context, key: __cvt::String, value: __cvt::SecretString));
    let output = call::output(handler, output);
    let body = call.body();
    let flag = match handler.role {
        Role::SetConfig => Some(quote!(HAS_SET_CONFIG)),
        Role::Health => Some(quote!(HAS_HEALTH)),
        _ => None,
    };
    let flag = flag.map(|flag| quote!(#(#cfgs)* const #flag: bool = true;));
    quote! {
        #flag
        #(#cfgs)*
        async fn #name(self: __cvt::Arc<Self> #arguments) -> #output {
            #body
        }
    }
}
