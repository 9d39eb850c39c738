//! The macros of cvtplugin; use them through that crate.

mod attribute;
mod config;
mod errors;
mod krate;
mod plugin;
mod rpcs;
mod self_type;
mod suggest;

use proc_macro::TokenStream;

#[doc = include_str!("plugin/cvt_plugin.md")]
#[proc_macro_attribute]
pub fn cvt_plugin(arguments: TokenStream, item: TokenStream) -> TokenStream {
    plugin::expand(arguments.into(), &item.into()).into()
}

#[doc = include_str!("config/plugin_config.md")]
#[proc_macro_derive(PluginConfig, attributes(config))]
pub fn plugin_config(item: TokenStream) -> TokenStream {
    config::expand(item.into()).into()
}
