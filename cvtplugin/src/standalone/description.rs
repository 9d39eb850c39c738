//! What a plugin is, serves and is configured with.

use crate::config::ConfigKey;
use crate::info::PluginInfo;
use crate::rpc::Rpc;

/// All that a plugin knows of itself without running.
pub(crate) struct Description<'a> {
    pub(crate) info: &'a PluginInfo,
    pub(crate) services: Vec<&'static str>,
    pub(crate) rpcs: Vec<Rpc>,
    pub(crate) keys: &'static [ConfigKey],
}
