//! Builds with cargo, whose output the user sees as ever.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStdout, Command};

use super::messages::{Message, is_binary};
use super::package::Package;

/// How a package is built.
pub(super) struct Build {
    directory: PathBuf,
    binary: String,
    arguments: Vec<String>,
}

/// What a build has come to.
#[derive(Default)]
struct Report {
    executable: Option<PathBuf>,
    error: Option<String>,
    /// Warnings of targets that are not done yet.
    held: Vec<(Value, String)>,
}

impl Build {
    pub(super) fn new(package: &Package, arguments: Vec<String>) -> Self {
        Self {
            directory: package.directory.clone(),
            binary: package.binary.clone(),
            arguments,
        }
    }

    /// Builds the binary, and returns where cargo has put it.
    ///
    /// # Errors
    ///
    /// Returns the first error of the compiler, on one line.
    pub(super) async fn run(&self) -> Result<PathBuf, String> {
        let mut cargo = Command::new("cargo")
            .args(["build", "--message-format=json-diagnostic-rendered-ansi"])
            .args(["--bin", &self.binary])
            .args(&self.arguments)
            .current_dir(&self.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        let stdout = cargo.stdout.take();
        let report = self.follow(stdout).await;
        let status = cargo.wait().await.map_err(|error| error.to_string())?;
        match report {
            Report {
                executable: Some(executable),
                ..
            } if status.success() => Ok(executable),
            Report {
                error: Some(error), ..
            } => Err(error),
            _ => Err(format!("cargo build failed ({status})")),
        }
    }

    async fn follow(&self, stdout: Option<ChildStdout>) -> Report {
        let mut report = Report::default();
        let Some(stdout) = stdout else {
            return report;
        };
        let mut lines = BufReader::new(stdout).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // A build script's line is none of cargo's.
            if let Ok(message) = serde_json::from_str(&line) {
                report.take(message, &self.binary);
            }
        }
        report.held.iter().for_each(|(_, warning)| print(warning));
        report
    }
}

impl Report {
    fn take(&mut self, message: Message, binary: &str) {
        match message {
            Message::Diagnostic { target, message } => {
                let rendered = message.rendered.clone().unwrap_or_default();
                if message.is_error() {
                    print(&rendered);
                    self.error.get_or_insert_with(|| message.summary());
                } else {
                    self.held.push((target, rendered));
                }
            }
            Message::Artifact {
                target,
                executable,
                fresh,
            } => {
                // Cargo repeats the warnings of what it has not built again.
                for (_, warning) in self.held.extract_if(.., |(held, _)| *held == target) {
                    if !fresh {
                        print(&warning);
                    }
                }
                if is_binary(&target, binary) {
                    self.executable = executable;
                }
            }
            Message::Other => {}
        }
    }
}

/// Shows a diagnostic as the compiler does; on a terminal, in colour.
fn print(rendered: &str) {
    crate::terminal::print_line(rendered.strip_suffix('\n').unwrap_or(rendered));
}
