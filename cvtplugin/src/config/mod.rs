//! A plugin's config: CVT delivers strings, one key at a time; the author gets a struct.
//!
//! A [`ConfigStore`] keeps what CVT delivers, and a [`PluginConfig`] is built from it.

mod defaults;
mod invalid_value;
mod key;
mod report;
mod store;
mod suggest;
mod typed;
mod value_type;
mod values;

pub(crate) use defaults::check_defaults;
pub use invalid_value::InvalidValue;
pub use key::ConfigKey;
pub(crate) use key::{DefaultText, ValueKind};
pub(crate) use report::Report;
pub(crate) use store::ConfigStore;
pub use typed::TypedConfig;
pub use value_type::ValueType;
pub(crate) use value_type::WholeNumber;
pub use values::ConfigValues;

use crate::Result;

/// The config of a plugin: a struct that derives this, or `()` for none.
///
/// The [derive](derive@crate::PluginConfig) documents what a field may be; the
/// [guide](crate::guide::config) is a tutorial.
///
/// The trait is open: it may also be implemented without the derive, with keys made by
/// [`ConfigKey::plain`] and [`ConfigKey::secret`]. Items that it gains later will have defaults.
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

    /// Builds the config from what was delivered. A key that is missing or empty is not set.
    ///
    /// # Errors
    ///
    /// [`FailedPrecondition`](crate::Code::FailedPrecondition), naming every missing required key
    /// and where to set it; [`InvalidArgument`](crate::Code::InvalidArgument) if a value is
    /// invalid.
    fn from_values(values: &ConfigValues) -> Result<Self>;
}

impl PluginConfig for () {
    const KEYS: &'static [ConfigKey] = &[];

    fn from_values(_: &ConfigValues) -> Result<Self> {
        Ok(())
    }
}
