//! One key of a config.

use std::borrow::Cow;
use std::fmt;

use super::{InvalidValue, ValueType};
use crate::{Error, Result};

/// A key of a config, with what operators need to know about it.
///
/// The keys of a [`PluginConfig`](crate::PluginConfig) come from its fields. A
/// [`ConfigReceiver`](crate::ConfigReceiver) declares its own with [`plain`](Self::plain) and
/// [`secret`](Self::secret).
///
/// ```
/// use cvtplugin::prelude::*;
///
/// #[derive(PluginConfig)]
/// struct SlackConfig {
///     /// Seconds in which an alert is not repeated.
///     #[config(default = 60)]
///     dedup_window_seconds: u64,
/// }
///
/// let key = &SlackConfig::KEYS[0];
/// assert_eq!(key.name(), "dedup_window_seconds");
/// assert_eq!(key.description(), "Seconds in which an alert is not repeated.");
/// assert_eq!(key.type_name(), "u64");
/// assert_eq!(key.default_value().as_deref(), Some("60"));
/// assert!(!key.is_required() && !key.is_secret());
/// ```
#[derive(Clone, Copy)]
pub struct ConfigKey {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) type_name: &'static str,
    pub(crate) required: bool,
    pub(crate) secret: bool,
    pub(crate) kind: ValueKind,
    pub(crate) default: Option<DefaultText>,
    pub(crate) example: Option<&'static str>,
    pub(crate) value_type: fn() -> ValueType,
    pub(crate) check: for<'v> fn(&'v str) -> Result<(), InvalidValue<'v>>,
}

/// How a value is parsed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// As one value of its type.
    Scalar,
    /// As a comma-separated list.
    List,
    /// By a function that the author named.
    Custom,
}

/// A default, as CVT would deliver it.
#[derive(Clone, Copy)]
pub(crate) enum DefaultText {
    Written(&'static str),
    Computed(fn() -> String),
}

impl ConfigKey {
    /// Creates an optional key whose values are any text. `description` tells operators what it is
    /// for; it may be empty.
    ///
    /// ```
    /// use cvtplugin::ConfigKey;
    ///
    /// const KEYS: &[ConfigKey] = &[
    ///     ConfigKey::plain("address", "Where the registry listens.").required(),
    ///     ConfigKey::plain("mode", "How strict to be.").with_default("lenient"),
    ///     ConfigKey::secret("token", "Sent with every request."),
    /// ];
    /// assert!(KEYS[0].is_required() && !KEYS[1].is_required());
    /// assert!(KEYS[2].is_secret());
    /// ```
    pub const fn plain(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            type_name: "String",
            required: false,
            secret: false,
            kind: ValueKind::Scalar,
            default: None,
            example: None,
            value_type: || ValueType::Text,
            check: |_| Ok(()),
        }
    }

    /// As [`plain`](Self::plain), for a key whose values must never be shown. What CVT delivers
    /// for it is kept out of the plugin's log and errors.
    pub const fn secret(name: &'static str, description: &'static str) -> Self {
        Self {
            type_name: "SecretString",
            secret: true,
            ..Self::plain(name, description)
        }
    }

    /// Marks the key as required in `--info` and `--config`. A
    /// [`ConfigReceiver`](crate::ConfigReceiver) checks for itself that it is set.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the value that the plugin uses when the key is not set, to show it to operators.
    ///
    /// # Panics
    ///
    /// If the key is secret, since anybody can read a default in the plugin's binary.
    #[must_use]
    pub const fn with_default(mut self, text: &'static str) -> Self {
        assert!(!self.secret, "a secret key cannot have a default");
        self.default = Some(DefaultText::Written(text));
        self
    }

    /// Sets an example to show to operators.
    #[must_use]
    pub const fn with_example(mut self, text: &'static str) -> Self {
        self.example = Some(text);
        self
    }

    /// The key in config.yaml.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What the key is for: the doc comment of its field. May be empty.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The type of the field as its author wrote it, without the `Option` around it.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// Whether the plugin needs it: it is not optional and has no default.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether its value must never be shown.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// What the plugin uses when the key is not set, as the text that CVT would deliver.
    pub fn default_value(&self) -> Option<Cow<'static, str>> {
        self.default.map(|default| match default {
            DefaultText::Written(text) => Cow::Borrowed(text),
            DefaultText::Computed(text) => Cow::Owned(text()),
        })
    }

    /// An example of a value.
    pub fn example(&self) -> Option<&'static str> {
        self.example
    }

    /// Checks that `value` is valid for this key, regardless of all other keys.
    ///
    /// ```
    /// use cvtplugin::prelude::*;
    ///
    /// #[derive(PluginConfig)]
    /// struct RestConfig {
    ///     /// Seconds to wait for the registry.
    ///     #[config(default = 10)]
    ///     timeout_seconds: u64,
    /// }
    ///
    /// let error = RestConfig::KEYS[0].check("abc").unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidArgument);
    /// assert_eq!(
    ///     error.message(),
    ///     "invalid value \"abc\": expected a whole number (Seconds to wait for the registry; default: 10)"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::Code::InvalidArgument), with what is wrong and what is expected.
    /// For a secret, neither the value nor its parser's message is shown.
    pub fn check(&self, value: &str) -> Result<()> {
        (self.check)(value).map_err(|invalid| Error::invalid_argument(self.rejection(&invalid)))
    }

    /// The value and its items, each of which may occur by itself.
    pub(crate) fn parts<'v>(&self, value: &'v str) -> impl Iterator<Item = &'v str> {
        let items = value
            .split(',')
            .map(str::trim)
            .filter(|_| self.kind == ValueKind::List);
        std::iter::once(value).chain(items)
    }

    /// Why a value is rejected, for the operator.
    pub(crate) fn rejection(&self, invalid: &InvalidValue<'_>) -> String {
        let hint = self.hint();
        if self.secret {
            format!("invalid value for a secret key (not shown){hint}")
        } else {
            format!("{invalid}{hint}")
        }
    }

    /// The summary, example and default, in parentheses after a space; may be empty.
    pub(crate) fn hint(&self) -> String {
        let mut parts = vec![self.summary()];
        parts.extend(self.example.map(|example| format!("example: {example}")));
        let default = self.default_value();
        parts.extend(default.map(|default| format!("default: {default}")));
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() {
            return String::new();
        }
        format!(" ({})", parts.join("; "))
    }

    /// The first paragraph of the description, as one line without its full stop.
    fn summary(&self) -> String {
        let paragraph = self.description.lines().take_while(|line| !line.is_empty());
        let mut summary = paragraph.collect::<Vec<_>>().join(" ");
        if summary.ends_with('.') && !summary.ends_with("..") {
            summary.pop();
        }
        summary
    }
}

impl fmt::Debug for ConfigKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigKey")
            .field("name", &self.name)
            .field("type_name", &self.type_name)
            .field("required", &self.required)
            .field("secret", &self.secret)
            .field("default", &self.default_value())
            .field("example", &self.example)
            .finish_non_exhaustive()
    }
}
