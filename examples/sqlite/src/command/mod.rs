//! The command line: fills the registry, and asks it.

mod impact;
mod import;
mod lists;
mod output;
mod registry;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use registry::Registry;

/// A schema registry in one SQLite file, which knows whom a change breaks.
#[derive(Parser)]
#[command(name = "cvt-plugin-sqlite", after_help = PLUGIN_OPTIONS)]
struct CommandLine {
    #[command(flatten)]
    registry: Registry,
    #[command(subcommand)]
    command: Command,
}

const PLUGIN_OPTIONS: &str = "As a plugin of CVT:
      --config   Print a stanza for ~/.cvt/config.yaml
      --info     Print what this plugin is and serves, as JSON
  -V, --version  Print the version";

#[derive(Subcommand)]
enum Command {
    /// Store OpenAPI documents, in JSON or YAML
    Import(import::Import),
    /// List the schemas
    Schemas(lists::Schemas),
    /// List the consumers of a schema, and what they use
    Consumers(lists::Consumers),
    /// List the consumers that use an endpoint, or read a field of its response
    Readers(lists::Readers),
    /// List the breaking changes and failed validations that CVT reported
    Events(lists::Events),
    /// Tell which consumers a change of a schema breaks
    Impact(impact::Impact),
}

/// Whether the arguments are a command's; the SDK knows the rest of them, such as `--config`.
pub(crate) fn is_asked_for() -> bool {
    let Some(first) = std::env::args_os().nth(1) else {
        return false;
    };
    let first = first.to_string_lossy();
    let ours = ["-h", "--help", "--database"];
    !first.starts_with('-') || ours.contains(&first.split('=').next().unwrap_or_default())
}

/// Runs the command that the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let CommandLine { registry, command } = CommandLine::parse();
    // What `impact` cannot say has an exit code of its own.
    let failure = if matches!(command, Command::Impact(_)) {
        impact::CANNOT_SAY
    } else {
        1
    };
    let result = match command {
        Command::Import(import) => import.run(&registry),
        Command::Schemas(list) => list.run(&registry),
        Command::Consumers(list) => list.run(&registry),
        Command::Readers(list) => list.run(&registry),
        Command::Events(list) => list.run(&registry),
        Command::Impact(impact) => impact.run(&registry),
    };
    result.unwrap_or_else(|error| {
        output::print_error(&error);
        ExitCode::from(failure)
    })
}
