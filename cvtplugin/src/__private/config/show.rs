//! How a default is shown as text.

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use super::from_config::{ViaDuration, ViaList};

/// A default, as CVT would deliver it.
pub fn show<T: Show<M>, M>(default: &T) -> String {
    default.show()
}

/// What can be shown as text. `M` says how, and is inferred.
#[diagnostic::on_unimplemented(
    message = "a default of type `{Self}` cannot be shown as text",
    label = "`--config` shows it to operators",
    note = "write it as text, as CVT would deliver it: `default = \"..\"`",
    note = "or implement `Display` for `{Self}`"
)]
pub trait Show<M> {
    fn show(&self) -> String;
}

pub struct ViaDisplay;

#[diagnostic::do_not_recommend]
impl<T: Display> Show<ViaDisplay> for T {
    fn show(&self) -> String {
        self.to_string()
    }
}

#[diagnostic::do_not_recommend]
impl Show<ViaDuration> for Duration {
    fn show(&self) -> String {
        humantime::format_duration(*self).to_string()
    }
}

pub struct ViaPath;

#[diagnostic::do_not_recommend]
impl Show<ViaPath> for PathBuf {
    fn show(&self) -> String {
        self.display().to_string()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Show<M>, M> Show<ViaList<M>> for Vec<T> {
    fn show(&self) -> String {
        let items: Vec<_> = self.iter().map(Show::show).collect();
        items.join(",")
    }
}
