//! Who a plugin says it is.

/// Who a plugin says it is, in `Info`. CVT only logs it: what it calls a plugin is the name
/// under which the operator installed it.
///
/// ```
/// use cvtplugin::PluginInfo;
///
/// let info = PluginInfo::new("rest", "0.1.0");
/// assert_eq!((info.name(), info.version()), ("rest", "0.1.0"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginInfo {
    name: String,
    version: String,
}

impl PluginInfo {
    /// A plugin of this name, such as `rest`, and version, such as `0.1.0`.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
        }
    }

    /// The plugin's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The plugin's version.
    pub fn version(&self) -> &str {
        &self.version
    }
}
