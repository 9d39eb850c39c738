//! The shim's script, and how it gets into CVT.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use cvtplugin::BoxError;

use super::directory::Directory;
use crate::install::{State, install_command};
use crate::terminal::quoted;
use crate::terminal::{note, print_line};

/// Writes the script. It is the same each time, so that CVT, which compares its hash with the
/// installed one's, need not be told.
///
/// # Errors
///
/// Returns an error if it cannot be written.
pub(super) fn write_shim(directory: &Directory) -> Result<(), BoxError> {
    let path = directory.shim();
    fs::write(&path, script(&std::env::current_exe()?, directory))?;
    fs::set_permissions(&path, Permissions::from_mode(0o755))?;
    Ok(())
}

fn script(command: &Path, directory: &Directory) -> String {
    let plugin = &directory.plugin;
    let command = quoted(&command.display().to_string());
    let directory = quoted(&directory.path().display().to_string());
    format!(
        "#!/bin/sh\n\
         # The plugin {plugin} as it is worked on, for CVT. Written by `cvt-plugin dev`.\n\
         command={command}\n\
         [ -x \"$command\" ] || {{ echo \"$command is missing: run cvt-plugin dev, and \
         cvt plugins install again\"; exit 1; }}\n\
         exec \"$command\" dev-shim {directory} -- \"$@\"\n"
    )
}

/// Says how to install the shim, unless it is.
pub(super) fn print_hint(directory: &Directory) {
    let plugin = &directory.plugin;
    if is_installed(directory) {
        note(format_args!(
            "installed: `cvt` runs what is built here as {plugin}"
        ));
        return;
    }
    let shim = directory.shim();
    let (install, shown) = (install_command(plugin, &shim), shim.display().to_string());
    print_line(format_args!(
        "To have `cvt` run what is built here, install its shim once:\n\n  {install}\n\n\
         and put into ~/.cvt/config.yaml what this prints:\n\n  {} --config\n",
        quoted(&shown)
    ));
}

/// Whether CVT has this very shim, and would run it.
fn is_installed(directory: &Directory) -> bool {
    let plugins = std::env::home_dir()
        .unwrap_or_default()
        .join(".cvt/plugins");
    let shim = directory.shim();
    let installed = plugins.join(shim.file_name().unwrap_or_default());
    let is_same = fs::read(&installed).ok() == fs::read(&shim).ok();
    let state = State::read(&plugins.join("state.json")).unwrap_or_default();
    is_same && state.verify(&directory.plugin, &installed).is_ok()
}
