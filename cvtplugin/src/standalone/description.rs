//! What a plugin is, serves and is configured with, and how it is installed.

use std::ffi::OsStr;
use std::path::Path;

use cvtplugin_names::without_prefix;

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

impl Description<'_> {
    /// What CVT may call.
    pub(crate) fn rpc_names(&self) -> Vec<&'static str> {
        self.rpcs.iter().map(|rpc| rpc.name()).collect()
    }
}

/// The name under which CVT installs `binary`: its file name, so that each copy has its own. Where
/// CVT would not accept that, the plugin's own, by `--name`.
pub(super) fn installed_name<'a>(binary: &'a Path, plugin: &'a str) -> &'a str {
    let file = binary
        .file_name()
        .and_then(OsStr::to_str)
        .map(without_prefix);
    let accepted = file.filter(|name| cvtplugin_names::check(name).is_ok());
    accepted.unwrap_or(plugin)
}
