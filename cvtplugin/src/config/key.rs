//! One key of a config.

use std::borrow::Cow;
use std::fmt;

use super::Unfit;
use crate::{Error, Result};

/// One key of a config: what the struct says about it.
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
    pub(crate) reading: Reading,
    pub(crate) default: Option<DefaultText>,
    pub(crate) example: Option<&'static str>,
    pub(crate) check: for<'v> fn(&'v str) -> Result<(), Unfit<'v>>,
}

/// How a value is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As its type says.
    One,
    /// As several, between commas.
    List,
    /// By a function of the author's.
    Custom,
}

/// A default, as CVT would deliver it.
#[derive(Clone, Copy)]
pub(crate) enum DefaultText {
    Written(&'static str),
    Computed(fn() -> String),
}

impl ConfigKey {
    /// The key in config.yaml.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The docs of the field, without their indentation; may be empty.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The type of the field as its author wrote it, without the `Option` around it.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// Whether the plugin cannot work without it: it is neither optional nor has it a default.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether its value may never be shown.
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

    /// A value that the author gave as an example.
    pub fn example(&self) -> Option<&'static str> {
        self.example
    }

    /// Whether `value` fits, on its own.
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
    ///     "\"abc\" is no whole number (Seconds to wait for the registry; default: 10)"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::Code::InvalidArgument), saying what is wrong and what is
    /// expected. A secret is not quoted, and neither is what its parser said about it.
    pub fn check(&self, value: &str) -> Result<()> {
        (self.check)(value).map_err(|unfit| Error::invalid_argument(self.refusal(&unfit)))
    }

    /// The value, and what it consists of: each may be told apart from the rest.
    pub(crate) fn parts<'v>(&self, value: &'v str) -> impl Iterator<Item = &'v str> {
        let items = value
            .split(',')
            .map(str::trim)
            .filter(|_| self.reading == Reading::List);
        std::iter::once(value).chain(items)
    }

    /// Why a value is refused, for the operator.
    pub(crate) fn refusal(&self, unfit: &Unfit<'_>) -> String {
        let hint = self.hint();
        if self.secret {
            format!("the value, a secret, is not accepted{hint}")
        } else {
            format!("{unfit}{hint}")
        }
    }

    /// All there is to say about the key, in parentheses after a space; may be empty.
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
