//! A plugin's name and version.

/// The name and version that a plugin reports in `Info`.
///
/// CVT only logs them: it refers to a plugin by the name under which the operator installed it.
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
    /// Creates the info of a plugin with this name, such as `rest`, and version, such as `0.1.0`.
    ///
    /// # Panics
    ///
    /// If `#[cvt_plugin]` would reject either: a name that CVT does not accept
    /// (`^[a-z][a-z0-9-]{0,31}$`), one that begins like its binary's (`cvt-plugin-`), or a blank
    /// version.
    ///
    /// ```should_panic
    /// cvtplugin::PluginInfo::new("Rest", "0.1.0");
    /// ```
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        let (name, version) = (name.into(), version.into());
        if let Err(invalid) = cvtplugin_names::check_own(&name) {
            panic!("{invalid}");
        }
        assert!(
            !version.trim().is_empty(),
            "invalid plugin version {version:?}: expected a version, such as \"0.1.0\""
        );
        Self { name, version }
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
