//! Makes the fields of what was delivered.

use secrecy::ExposeSecret;

use super::field::Field;
use crate::Error;
use crate::config::{ConfigValues, Report, ValueKind};

/// Makes one field after the other, and keeps what is wrong to report it at once.
pub struct Reader<'v> {
    values: &'v ConfigValues,
    report: Report,
}

impl<'v> Reader<'v> {
    pub fn new(values: &'v ConfigValues) -> Self {
        Self {
            values,
            report: Report::default(),
        }
    }

    /// The field; none if something is wrong with it.
    pub fn read<T>(&mut self, field: &Field<T>) -> Option<T> {
        let value = self.values.get(field.key.name);
        let value = value.map(ExposeSecret::expose_secret);
        // A wrong default is a mistake of the author's: it shows at once, and not first to an
        // operator who does not set the key.
        let default = match field.key.default_value() {
            Some(default) if value.is_none() || field.key.kind != ValueKind::Custom => {
                Some(self.default(field, &default)?)
            }
            _ => None,
        };
        if let Some(text) = value {
            return (field.parse)(text)
                .map_err(|invalid| self.report.rejected(&field.key, &invalid))
                .ok();
        }
        let unset = default.or_else(|| field.unset.map(|unset| unset()));
        if unset.is_none() {
            self.report.missing(&field.key);
        }
        unset
    }

    fn default<T>(&mut self, field: &Field<T>, text: &str) -> Option<T> {
        (field.parse)(text)
            .map_err(|invalid| self.report.wrong_default(&field.key, &invalid))
            .ok()
    }

    /// Why there is no config.
    pub fn into_error(self) -> Error {
        self.report.into_error()
    }
}
