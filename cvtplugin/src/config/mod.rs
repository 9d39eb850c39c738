//! What a plugin is configured with: CVT's strings, one key at a time, as a struct of the
//! author's.
//!
//! A [`ConfigStore`] takes what CVT delivers, a [`PluginConfig`] is put together from it.

mod builtin;
mod defaults;
mod key;
mod report;
mod store;
mod suggest;
mod typed;
mod unfit;
mod values;

pub(crate) use defaults::check_defaults;
pub use key::ConfigKey;
pub(crate) use key::{DefaultText, Reading};
pub(crate) use report::Report;
pub(crate) use store::ConfigStore;
pub use typed::TypedConfig;
pub use unfit::Unfit;
pub use values::ConfigValues;

use crate::Result;

/// What a plugin is configured with: a struct that derives this, or `()` for nothing.
///
/// The derive is described [beside it](derive@crate::PluginConfig), with all that a field may be;
/// the [guide](crate::guide::config) goes through it at leisure.
///
/// ```
/// use cvtplugin::prelude::*;
/// use cvtplugin::ConfigValues;
///
/// #[derive(PluginConfig)]
/// struct RestConfig {
///     /// Where the registry listens.
///     #[config(example = "registry.example.com:443")]
///     address: String,
///     /// Sent with every request.
///     token: Option<SecretString>,
///     /// Seconds to wait for the registry.
///     #[config(default = 10)]
///     timeout_seconds: u64,
/// }
///
/// let values = ConfigValues::from_iter([("address", "localhost:80")]);
/// let config = RestConfig::from_values(&values)?;
/// assert_eq!(config.address, "localhost:80");
/// assert!(config.token.is_none());
/// assert_eq!(config.timeout_seconds, 10);
/// # Result::<()>::Ok(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a config: it does not derive `PluginConfig`",
    label = "expected a struct that derives `PluginConfig`",
    note = "a config is a struct of yours with `#[derive(PluginConfig)]` and a field for each key",
    note = "for the strings as CVT sends them, key by key, write `set_config` instead",
    note = "if this is the `new` of your own, mark it `#[cvt_plugin(ignore)]`"
)]
pub trait PluginConfig: Sized + Send + Sync + 'static {
    /// The keys, in the order of the fields.
    const KEYS: &'static [ConfigKey];

    /// Puts the config together from what was delivered. A key that is not there, or empty, is
    /// not set.
    ///
    /// # Errors
    ///
    /// [`FailedPrecondition`](crate::Code::FailedPrecondition), naming every required key that
    /// is not set, and where to set it; [`InvalidArgument`](crate::Code::InvalidArgument) if a
    /// value does not fit its key.
    fn from_values(values: &ConfigValues) -> Result<Self>;
}

impl PluginConfig for () {
    const KEYS: &'static [ConfigKey] = &[];

    fn from_values(_: &ConfigValues) -> Result<Self> {
        Ok(())
    }
}
