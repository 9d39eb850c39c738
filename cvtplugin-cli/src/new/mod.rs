//! `cvt-plugin new`.

mod project;
mod template;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::plugin_name::{self, BINARY_PREFIX};
use crate::terminal;
use template::Values;

/// Make a new plugin: a project that builds and passes its own tests.
///
/// The project is a cargo package with a plugin that works: a typed config, the calls that you
/// choose, unit tests, a test of the built binary, a README, a config for CVT, and a workflow for
/// CI. Package and binary are named `cvt-plugin-NAME`, as CVT wants it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The plugin's name: lower-case letters, digits and hyphens.
    #[arg(value_parser = name)]
    name: String,

    /// The plugin provides a registry: CVT fetches its schemas from it.
    ///
    /// Without --registry and --events, it is both.
    #[arg(long)]
    registry: bool,

    /// The plugin handles events: CVT reports its findings to it.
    #[arg(long)]
    events: bool,

    /// The directory to make, in the place of ./NAME.
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,

    /// Depend on the cvtplugin in this directory instead of a published one: for work on cvtplugin
    /// itself.
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    cvtplugin_path: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin new demo && cd demo && cargo test
  cvt-plugin new alerts --events --path plugins/alerts";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let name = &arguments.name;
    let both = arguments.registry == arguments.events;
    let (registry, events) = (arguments.registry || both, arguments.events || both);
    let directory = arguments.path.clone().unwrap_or_else(|| name.into());
    let cvtplugin = cvtplugin(arguments.cvtplugin_path.as_deref())?;
    let variable = name.to_uppercase().replace('-', "_");
    let values = |nested, member| Values {
        texts: vec![
            ("name", name),
            ("variable", &variable),
            ("cvtplugin", &cvtplugin),
        ],
        flags: vec![
            ("registry", registry),
            ("events", events),
            ("nested", nested),
            ("member", member),
        ],
    };
    let surrounded = workspace::surrounds(&std::path::absolute(&directory)?);
    project::write(&directory, &values(false, surrounded), registry)?;
    if surrounded && !workspace::has_member(&directory) {
        project::write_manifest(&directory, &values(true, false))?;
    }
    let next = format!(
        "The plugin {name} is in {}. Next:\n\n  cd {0}\n  cargo test\n\nIts README says what else \
         can be done with it.\n",
        directory.display()
    );
    terminal::print(next.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Where the new package gets cvtplugin from, as written in a Cargo.toml.
fn cvtplugin(directory: Option<&Path>) -> Result<String, BoxError> {
    let Some(directory) = directory else {
        return Ok(format!("version = {:?}", env!("CARGO_PKG_VERSION")));
    };
    let found = directory.canonicalize();
    let found =
        found.map_err(|error| format!("--cvtplugin-path {}: {error}", directory.display()))?;
    // A basic string of TOML is written like one of JSON.
    let path = serde_json::Value::from(found.to_string_lossy());
    Ok(format!("path = {path}"))
}

/// A name that CVT takes.
fn name(text: &str) -> Result<String, String> {
    if let Some(rest) = text.strip_prefix(BINARY_PREFIX) {
        return Err(format!(
            "leave out the `{BINARY_PREFIX}`, as in `{rest}`: package and binary get it anyway"
        ));
    }
    plugin_name::check(text).map(|()| text.to_owned())
}
