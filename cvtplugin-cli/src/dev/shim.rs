//! What CVT launches: it asks `dev` for a build, and becomes it.

use std::convert::Infallible;
use std::ffi::OsString;
use std::io::{self, PipeWriter};
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Args;
use cvtplugin::BoxError;
use tokio::time::timeout;

use super::directory::Directory;
use super::wire::{self, Reply};
use crate::terminal;

/// CVT gives a plugin five seconds until its handshake.
const BUILD_TIMEOUT: Duration = Duration::from_secs(4);

/// Run the plugin that a directory of `dev` is about.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The directory that `dev` has made.
    directory: PathBuf,
    /// Arguments for the plugin.
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let error = match become_plugin(&arguments).await {
        Ok(never) => match never {},
        Err(error) => error,
    };
    // Of a plugin that does not start, a host shows what is on stdout, if that is one line.
    if arguments.arguments.is_empty() {
        let line = error.to_string().replace('\n', " ").replace('|', "/");
        terminal::print(format!("{line}\n").as_bytes())?;
    }
    Err(error)
}

async fn become_plugin(arguments: &Arguments) -> Result<Infallible, BoxError> {
    let directory = Directory::open(&arguments.directory)?;
    match ask(&directory).await? {
        Some((build, stderr)) => exec(&build, arguments, Some(stderr)),
        // Without `dev`, what it has built last.
        None if directory.build().exists() => exec(&directory.build(), arguments, None),
        None => Err(format!(
            "{} has never been built: run `cvt-plugin dev {}`",
            directory.plugin,
            crate::terminal::quoted(&directory.package())
        )
        .into()),
    }
}

/// Asks `dev` for a build, and for somebody to read its stderr; `None` where no `dev` runs.
async fn ask(directory: &Directory) -> Result<Option<(PathBuf, PipeWriter)>, BoxError> {
    let Some(stream) = directory.connect().await? else {
        return Ok(None);
    };
    wire::check_peer(&stream)?;
    let (log, stderr) = io::pipe()?;
    let host = io::stderr().as_fd().try_clone_to_owned()?;
    wire::ask(&stream, &log, &host).await?;
    let Ok(reply) = timeout(BUILD_TIMEOUT, wire::replied(stream)).await else {
        return Err(format!(
            "{} is still compiling: try again when `cvt-plugin dev` has built it",
            directory.plugin
        )
        .into());
    };
    match reply {
        Ok(Reply::Run(build)) => Ok(Some((build, stderr))),
        Ok(Reply::Fail(why)) => Err(why.into()),
        // It has ended meanwhile.
        Err(_) => Ok(None),
    }
}

/// Becomes the plugin; returns only if that fails.
fn exec(
    build: &Path,
    arguments: &Arguments,
    stderr: Option<PipeWriter>,
) -> Result<Infallible, BoxError> {
    let mut command = Command::new(build);
    command.args(&arguments.arguments);
    if let Some(stderr) = stderr {
        command.stderr(stderr);
    }
    let error = command.exec();
    Err(format!("cannot run {}: {error}", build.display()).into())
}
