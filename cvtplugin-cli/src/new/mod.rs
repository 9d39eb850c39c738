//! `cvt-plugin new`.

mod project;
mod sdk;
mod template;
mod workspace;

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;
use cvtplugin_names::InvalidName;

use crate::terminal;
use crate::terminal::quoted;
use sdk::SdkArguments;
use template::Values;

/// Make a new plugin: a project that builds and passes its own tests.
///
/// The project is a cargo package with a plugin that works: a typed config, the calls that you
/// choose, unit tests, a test of the built binary, a README, a config for CVT, and workflows that
/// test it and make releases. Package and binary are named `cvt-plugin-NAME`, as CVT wants it.
///
/// Within a workspace, it has no workflows: GitHub runs those in a repository's root alone.
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

    /// The plugin talks to an HTTP API, by the crate cvtplugin-http.
    #[arg(long)]
    http: bool,

    #[command(flatten)]
    sdk: SdkArguments,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin new demo && cd demo && cargo test
  cvt-plugin new alerts --events --http --path plugins/alerts";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let name = &arguments.name;
    let both = arguments.registry == arguments.events;
    let (registry, events) = (arguments.registry || both, arguments.events || both);
    let directory = arguments.path.clone().unwrap_or_else(|| name.into());
    let sdk = arguments.sdk.find()?;
    let (cvtplugin, http) = (
        sdk.dependency("cvtplugin"),
        sdk.dependency("cvtplugin-http"),
    );
    let (install, path) = (sdk.install_command(), sdk.quoted_path());
    let variable = name.to_uppercase().replace('-', "_");
    let key = yaml(name);
    let values = |nested, member| Values {
        texts: vec![
            ("name", name),
            ("key", &key),
            ("variable", &variable),
            ("cvtplugin", &cvtplugin),
            ("cvtplugin_http", &http),
            ("install", &install),
            ("source_path", path.as_deref().unwrap_or_default()),
        ],
        flags: vec![
            ("registry", registry),
            ("events", events),
            ("http", arguments.http),
            ("source_path", path.is_some()),
            ("nested", nested),
            ("member", member),
        ],
    };
    let surrounded = workspace::surrounds(&std::path::absolute(&directory)?);
    let files = project::files(arguments.http, registry, surrounded);
    project::write(&directory, &values(false, surrounded), files)?;
    if surrounded && !workspace::has_member(&directory) {
        project::write_manifest(&directory, &values(true, false))?;
    }
    let next = format!(
        "The plugin {name} is in {}. Next:\n\n  cd {}\n  cargo test\n\nIts README says what else \
         can be done with it.\n",
        directory.display(),
        quoted(&directory.display().to_string())
    );
    terminal::print(next.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A name as YAML reads it: in quotes where it is another value there.
fn yaml(name: &str) -> Cow<'_, str> {
    const VALUES: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
    if VALUES.contains(&name) {
        format!("\"{name}\"").into()
    } else {
        name.into()
    }
}

/// A name that a plugin may give itself.
fn name(text: &str) -> Result<String, InvalidName> {
    cvtplugin_names::check_own(text).map(|()| text.to_owned())
}
