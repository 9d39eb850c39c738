//! The names that CVT accepts for a plugin.

pub(crate) use cvtplugin_names::BINARY_PREFIX;

/// Checks a name.
///
/// # Errors
///
/// CVT's rule, and where possible a similar name that keeps it.
pub(crate) fn check(name: &str) -> Result<(), String> {
    cvtplugin_names::check(name).map_err(|invalid| invalid.to_string())
}
