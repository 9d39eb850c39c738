//! `cvt-plugin dev`: the real `cvt` runs what is being worked on.
//!
//! What CVT installs is a script that never changes, the *shim*. It runs `cvt-plugin dev-shim`,
//! which asks `dev` for a build and becomes it by `exec`: to CVT, and to a debugger, that process
//! is the plugin itself. Nothing of the host's travels to `dev` but the plugin's stderr, on its way
//! to CVT.

mod cargo;
mod dep_info;
mod directory;
mod install;
mod log;
mod messages;
mod package;
mod server;
mod shim;
mod wake;
mod watch;
mod wire;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;
use tokio::sync::mpsc;

use crate::{interrupt, terminal};
use directory::Directory;
use package::Package;
pub(crate) use shim::{Arguments as ShimArguments, run as run_shim};
use watch::Watch;
use worker::Worker;

/// Work on a plugin under the real, unmodified `cvt`.
///
/// Builds the package, watches its sources, and builds again after each change. Install the shim
/// that it names into CVT once: from then on, whenever `cvt` launches the plugin, it gets a build
/// of the sources as they are at that moment. The plugin's log is shown here, and so is the process
/// to attach a debugger to. Where the sources do not compile, `cvt` says so.
///
/// A `cvt serve` that is running keeps the plugin that it has launched: restart it for a new one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The directory of the plugin's package.
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Which binary of the package, if it has several.
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,

    /// Further arguments for `cargo build`, such as --release.
    #[arg(last = true, value_name = "CARGO-ARGUMENT")]
    cargo: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin dev
  cvt-plugin dev plugins/rest -- --features tracing";

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let package = Package::find(&arguments.directory, arguments.bin.as_deref())?;
    let directory = Directory::create(&package.plugin)?;
    // Held until this process ends.
    let _lock = directory.lock()?;
    directory.write_package(&package.directory)?;
    install::write_shim(&directory)?;
    interrupt::or_done(Box::pin(work(arguments, package, directory))).await
}

async fn work(
    arguments: Arguments,
    package: Package,
    directory: Directory,
) -> Result<ExitCode, BoxError> {
    let (wakes, woken) = mpsc::unbounded_channel();
    let watch = Watch::start(&package, wakes.clone())?;
    terminal::note(format_args!("watching {}", package.directory.display()));
    let listener = directory.listen()?;
    install::print_hint(&directory);
    let cargo = cargo::Build::new(&package, arguments.cargo);
    let server = server::serve(listener, directory.plugin.clone(), wakes);
    tokio::select! {
        () = Worker::new(cargo, directory, watch).run(woken) => Ok(ExitCode::SUCCESS),
        error = server => Err(format!("cannot serve `cvt`: {error}").into()),
    }
}
