//! `import`: stores documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cvtplugin::{Error, Result, ResultExt as _};
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use super::registry::Registry;
use crate::openapi;
use crate::store::{Imported, Store};

#[derive(Args)]
pub(super) struct Import {
    /// OpenAPI 3 or Swagger 2 documents
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Id of the schema [default: each file's name without its extension]
    #[arg(long, value_name = "ID")]
    schema: Option<String>,
    /// Version of the schema [default: each document's `info.version`]
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Replace versions that are stored with another content
    #[arg(long)]
    replace: bool,
}

impl Import {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        if self.version.is_some() && self.files.len() > 1 {
            let message = "--version with several files: expected one file";
            return Err(Error::invalid_argument(message));
        }
        let store = registry.create()?;
        let progress = self.progress();
        let mut code = ExitCode::SUCCESS;
        for file in &self.files {
            let result = self.import(&store, file);
            progress.suspend(|| match result {
                Ok(line) => output::print(&line),
                Err(error) => {
                    code = ExitCode::FAILURE;
                    let message = format!("{}: {}", file.display(), error.message());
                    let error = match std::error::Error::source(&error) {
                        Some(cause) => format!("{message}: {cause}"),
                        None => message,
                    };
                    output::print_error(&Error::unknown(error));
                    Ok(())
                }
            })?;
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok(code)
    }

    /// A bar on stderr, if that is a terminal and there are many files.
    fn progress(&self) -> ProgressBar {
        if self.files.len() < 2 {
            return ProgressBar::hidden();
        }
        let template = "{wide_bar} {pos}/{len} files, {eta} left";
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(self.files.len() as u64).with_style(style)
    }

    /// Stores a file, and returns what it did.
    fn import(&self, store: &Store, file: &Path) -> Result<String> {
        let text = fs::read_to_string(file).invalid_argument("cannot be read")?;
        let document = openapi::parse(&text)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let id = self.schema.as_deref().unwrap_or(&name);
        let version = self.version.as_deref().unwrap_or(&document.version);
        if id.is_empty() {
            return Err(Error::invalid_argument("empty id: expected --schema ID"));
        }
        if matches!(version, "" | "latest") {
            let message = "no version of its own in `info.version`: expected --version VERSION";
            return Err(Error::invalid_argument(message));
        }
        let done = match store.import(id, version, document.json, self.replace)? {
            Imported::Added => "added",
            Imported::Replaced => "replaced",
            Imported::Unchanged => "unchanged",
        };
        Ok(format!("{done} {id} {version}\n"))
    }
}
