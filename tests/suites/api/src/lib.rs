//! The examples in the documents compile: `cargo test --doc`. They stand here since the packages of
//! the crates lack the files of others.

#![cfg(doctest)]

#[doc = include_str!("../../../../README.md")]
pub struct Readme;

#[doc = include_str!("../../../../cvtplugin/README.md")]
pub struct CrateReadme;

#[doc = include_str!("../../../../cvtplugin-http/README.md")]
pub struct HttpReadme;

#[doc = include_str!("../../../../cvtplugin-macros/src/plugin/cvt_plugin.md")]
pub struct CvtPlugin;

#[doc = include_str!("../../../../cvtplugin-macros/src/config/plugin_config.md")]
pub struct PluginConfig;
