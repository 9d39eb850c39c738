//! A field of a config, as a constant.

use super::from_config::{FromConfig, ViaList, ViaOption};
use crate::config::{ConfigKey, DefaultText, InvalidValue, ValueKind};

/// Reads a value.
pub type Parse<T> = for<'v> fn(&'v str) -> Result<T, InvalidValue<'v>>;

/// A key, and how to make the field of type `T` from its value.
pub struct Field<T> {
    /// Public to `KEYS`.
    pub key: ConfigKey,
    pub(super) parse: Parse<T>,
    /// What the field is without a value, if it may do without.
    pub(super) unset: Option<fn() -> T>,
}

impl<T> Clone for Field<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Field<T> {}

/// A field that is read as its type says.
pub const fn field<T: FromConfig<M>, M>(name: &'static str, type_name: &'static str) -> Field<T> {
    let key = ConfigKey {
        name,
        description: "",
        type_name,
        required: T::UNSET.is_none(),
        secret: T::SECRET,
        kind: if T::LIST {
            ValueKind::List
        } else {
            ValueKind::Scalar
        },
        default: None,
        example: None,
        value_type: T::value_type,
        check: |text| T::from_config(text).map(drop),
    };
    Field {
        key,
        parse: T::from_config,
        unset: T::UNSET,
    }
}

/// As [`field`], in an `Option`.
pub const fn optional<T: FromConfig<M>, M>(
    name: &'static str,
    type_name: &'static str,
) -> Field<Option<T>> {
    field::<_, ViaOption<M>>(name, type_name)
}

/// As [`field`], for many of them.
pub const fn list<T: FromConfig<M>, M>(
    name: &'static str,
    type_name: &'static str,
) -> Field<Vec<T>> {
    field::<_, ViaList<M>>(name, type_name)
}

/// As [`field`], for many of them, in an `Option`.
pub const fn optional_list<T: FromConfig<M>, M>(
    name: &'static str,
    type_name: &'static str,
) -> Field<Option<Vec<T>>> {
    field::<_, ViaOption<ViaList<M>>>(name, type_name)
}

impl<T> Field<T> {
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.key.description = description;
        self
    }

    #[must_use]
    pub const fn example(mut self, example: &'static str) -> Self {
        self.key.example = Some(example);
        self
    }

    /// A default that stands there as text.
    #[must_use]
    pub const fn default_text(self, text: &'static str) -> Self {
        self.default(DefaultText::Written(text))
    }

    /// A default that is shown as text when it is needed.
    #[must_use]
    pub const fn default_shown(self, show: fn() -> String) -> Self {
        self.default(DefaultText::Computed(show))
    }

    const fn default(mut self, default: DefaultText) -> Self {
        self.key.default = Some(default);
        self.key.required = false;
        self
    }

    /// Allowed only on what redacts itself: see [`redacts`](super::redacts).
    #[must_use]
    pub const fn secret_if(mut self, secret: bool) -> Self {
        self.key.secret = self.key.secret || secret;
        self
    }

    /// Fails to compile if the operator is not told what to write.
    #[track_caller]
    pub const fn may_go_without_example(&self) {
        assert!(
            !self.key.required || self.key.secret,
            "a required key needs an example, which shows operators what to write: \
             `#[config(example = \"..\")]`. Or make it optional, with a `default` or an `Option`"
        );
    }

    /// Fails to compile if operators would paste the example, and CVT read something else.
    #[track_caller]
    pub const fn may_have_a_variable_for_an_example(&self) {
        assert!(
            !self.key.required || self.key.secret,
            "CVT reads `${{` as the beginning of an environment variable, and nothing escapes it: \
             the stanza that `--config` prints would not load. Give an example without it"
        );
    }

    /// Fails to compile if a secret has a default.
    #[track_caller]
    pub const fn may_have_a_default(&self) {
        assert!(
            !self.key.secret,
            "a secret has no default: anybody could read it in the plugin's binary and in the \
             output of `--config`. Make it an `Option` instead, or leave it required"
        );
    }
}
