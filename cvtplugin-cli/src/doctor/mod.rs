//! `cvt-plugin doctor`.

mod finding;
mod home;
mod plugin;
mod report;
mod start;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;
use futures_util::future::join_all;

use crate::config_file::ConfigFile;
use crate::install::State;
use crate::{interrupt, terminal};
use finding::{Finding, Level};
use home::Home;
use plugin::{Mode, Plugin};
use report::Report;

/// Find out what keeps CVT's plugins from working.
///
/// Reads ~/.cvt/config.yaml, the record of installed plugins, their files and the environment as
/// CVT does, starts each plugin as CVT does (handshake, config, health,
/// shutdown), and reports
/// everything that will not work, with what to do about it. It writes nothing, and shows no secret.
///
/// No schema is fetched and no event sent. A plugin that sets itself up at its first call has not
/// done so then: `cvt-plugin call` tries that.
///
/// The exit code is 0 if all is well, 1 if there are warnings, and 2 if there are errors, those of
/// this command and of its arguments included.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The config file to read in the place of ~/.cvt/config.yaml.
    #[arg(long, value_name = "FILE")]
    config_file: Option<PathBuf>,

    /// The home directory whose .cvt is looked at, in the place of $HOME.
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,

    /// Start no plugin: look at files alone.
    #[arg(long)]
    no_start: bool,

    /// Print one JSON document, for machines: the worst level, and `findings`, each with what it is
    /// about, its level (ok, note, warning or error), what was found, and the fix.
    #[arg(long)]
    json: bool,
}

/// The exit code where something will not work, or cannot be looked at. clap's for arguments is the
/// same.
const ERRORS: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  cvt-plugin doctor
  cvt-plugin doctor --no-start --json
  cvt-plugin doctor --config-file new.yaml && mv new.yaml ~/.cvt/config.yaml";

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    interrupt::or_done(Box::pin(async {
        let report = match examine(&arguments).await {
            Ok(report) => report,
            Err(error) => {
                terminal::print_error(&*error);
                return Ok(ExitCode::from(ERRORS));
            }
        };
        if arguments.json {
            terminal::print(format!("{:#}\n", report.to_json()).as_bytes())?;
        } else {
            terminal::print_styled(&report.to_table())?;
        }
        Ok(ExitCode::from(match report.worst() {
            Level::Ok | Level::Note => 0,
            Level::Warning => 1,
            Level::Error => ERRORS,
        }))
    }))
    .await
}

async fn examine(arguments: &Arguments) -> Result<Report, BoxError> {
    let home = Home::find(arguments.home.clone())?;
    let mut report = Report::default();
    let given = arguments.config_file.is_some();
    let path = arguments.config_file.clone();
    let path = path.unwrap_or_else(|| home.config_file());
    if !given && !path.exists() {
        let found = format!("{} is missing: CVT runs no plugin", path.display());
        let fix = "write one: a plugin built with cvtplugin prints its part by --config";
        report.add("config", [Finding::warning(found, fix)]);
    } else {
        let variable = |name: &str| home.variable(name);
        match ConfigFile::inspect(path.clone(), Some(&home.plugins_dir()), &variable) {
            Ok(file) => file_and_plugins(&file, &path, &home, arguments, &mut report).await,
            Err(error) => {
                let fix = "all plugins are off until CVT can read it";
                report.add("config", [Finding::error(error.to_string(), fix)]);
            }
        }
    }
    let environment = home::check_environment();
    report.add(
        "environment",
        environment.into_iter().filter(|it| it.level > Level::Ok),
    );
    Ok(report)
}

async fn file_and_plugins(
    file: &ConfigFile,
    path: &Path,
    home: &Home,
    arguments: &Arguments,
    report: &mut Report,
) {
    let problems = file.problems().iter();
    report.add(
        "config",
        problems.map(|problem| {
            let fix = "all plugins are off until this is fixed";
            Finding::error(format!("{}:{problem}", path.display()), fix)
        }),
    );
    let state = State::read(&home.state_file()).unwrap_or_else(|error| {
        let found = format!(
            "{}: {error}; CVT takes it for empty",
            home.state_file().display()
        );
        let fix = "remove it, and install the plugins again";
        report.add("state.json", [Finding::warning(found, fix)]);
        State::default()
    });
    let mode = Mode {
        home: home.dir(),
        state: &state,
        start: !arguments.no_start,
        file_loads: file.problems().is_empty(),
    };
    let plugins: Vec<_> = file
        .plugins()
        .iter()
        .map(|(name, entry)| Plugin {
            name,
            entry,
            hooks: file.hooks_of(name),
        })
        .collect();
    let findings = join_all(plugins.iter().map(|plugin| plugin.diagnose(mode))).await;
    for (plugin, findings) in plugins.iter().zip(findings) {
        report.add(plugin.name, findings);
    }
    if plugins.is_empty() && file.problems().is_empty() {
        let found = format!("{} has no plugin", path.display());
        report.add(
            "config",
            [Finding::warning(found, "add one under `plugins:`")],
        );
    }
    let others = state.others(|name| file.plugins().contains_key(name));
    let others = others.into_iter().map(|name| {
        Finding::note(
            format!("`{name}` is installed, and not in the config file"),
            "",
        )
    });
    report.add("state.json", others);
}
