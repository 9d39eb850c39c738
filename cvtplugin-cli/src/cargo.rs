//! Cargo, for what is known of a package or has to be built.

use std::path::Path;
use std::process::{Command, Stdio};

use cvtplugin::BoxError;

/// Runs cargo in `directory` and returns what it prints; what it complains about goes to the user.
/// `purpose` is said in errors, before the directory.
///
/// # Errors
///
/// If cargo cannot be run or fails.
pub(crate) fn output(
    directory: &Path,
    arguments: &[&str],
    purpose: &str,
) -> Result<String, BoxError> {
    let place = directory.display();
    let cargo = Command::new("cargo")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run cargo to {purpose} {place}: {error}"))?;
    if !cargo.status.success() {
        return Err(format!("cargo cannot {purpose} {place}").into());
    }
    Ok(String::from_utf8_lossy(&cargo.stdout).into_owned())
}
