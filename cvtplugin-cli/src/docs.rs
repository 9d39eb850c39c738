//! `cvt-plugin docs`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::target::{self, Profile};
use crate::terminal::quoted;
use crate::{self_description, terminal};

const BEGIN: &str = "<!-- cvt-plugin docs: begin -->";
const END: &str = "<!-- cvt-plugin docs: end -->";

/// Write a plugin's documentation into its README.
///
/// What the plugin serves and a table of its config keys replace whatever stands between two lines
/// of the file:
///
///   <!-- cvt-plugin docs: begin -->
///
///   <!-- cvt-plugin docs: end -->
///
/// All of it comes from the plugin's binary, whose `--docs` prints it: from the fields of the config
/// struct and their doc comments. The plugin has to be built with cvtplugin.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// The file.
    #[arg(value_name = "FILE", default_value = "README.md")]
    file: PathBuf,

    /// The plugin: its binary, or the directory of its package, which is built then. By default the
    /// package is in the file's directory.
    #[arg(long, value_name = "BINARY|PACKAGE-DIR")]
    plugin: Option<PathBuf>,

    /// Write nothing; exit with code 1 if the file is not up to date. For CI.
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin docs
  cvt-plugin docs --check
  cvt-plugin docs plugins/rest/README.md
  cvt-plugin docs --plugin target/debug/cvt-plugin-rest docs/config.md";

pub(crate) async fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let file = &arguments.file;
    let place = file.display();
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("cannot read {place}: {error}"))?;
    let markers = Markers::find(&text).map_err(|why| format!("{place}: {why}"))?;
    let directory = file.parent().filter(|it| !it.as_os_str().is_empty());
    let plugin = arguments.plugin.as_deref().or(directory);
    let binary = target::at(plugin.unwrap_or(Path::new(".")), Profile::Dev)?;
    let docs = self_description::ask(&binary, "--docs").await?;
    let written = markers.replace(&docs);
    if written == text {
        terminal::note(format_args!("{place} is up to date"));
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.check {
        return Err(format!(
            "{place} is not up to date with the plugin: run `{}`, and commit the result",
            arguments.command()
        )
        .into());
    }
    std::fs::write(file, written).map_err(|error| format!("cannot write {place}: {error}"))?;
    terminal::note(format_args!("{place} is written"));
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    /// The command that writes the file.
    fn command(&self) -> String {
        let plugin = self.plugin.as_ref();
        let plugin =
            plugin.map(|plugin| format!("--plugin {} ", quoted(&plugin.to_string_lossy())));
        let plugin = plugin.unwrap_or_default();
        let file = quoted(&self.file.to_string_lossy());
        format!("cvt-plugin docs {plugin}{file}")
    }
}

/// A text with both markers in it: what comes before the docs, and what after.
#[derive(Debug)]
struct Markers<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Markers<'a> {
    fn find(text: &'a str) -> Result<Self, String> {
        let missing = || {
            format!(
                "missing markers: put these lines where the docs are to be:\n\n{BEGIN}\n\n{END}\n"
            )
        };
        let begin = place_of(text, BEGIN).ok_or_else(missing)? + BEGIN.len();
        let length = place_of(&text[begin..], END).ok_or_else(missing)?;
        let after = &text[begin + length..];
        if place_of(after, BEGIN).is_some() {
            return Err(format!("`{BEGIN}` is there twice: expected it once"));
        }
        Ok(Self {
            before: &text[..begin],
            after,
        })
    }

    /// The text with `docs` between the markers, with the line ends that it has.
    fn replace(&self, docs: &str) -> String {
        let Self { before, after } = self;
        let written = format!("\n\n{docs}\n");
        if before.contains("\r\n") {
            format!("{before}{}{after}", written.replace('\n', "\r\n"))
        } else {
            format!("{before}{written}{after}")
        }
    }
}

/// Where a line is that consists of `marker` alone.
fn place_of(text: &str, marker: &str) -> Option<usize> {
    let mut places = text.match_indices(marker).map(|(place, _)| place);
    places.find(|&place| {
        let (before, after) = (&text[..place], &text[place + marker.len()..]);
        let begins = before.is_empty() || before.ends_with('\n');
        begins
            && after
                .trim_start_matches('\r')
                .trim_start_matches(' ')
                .chars()
                .next()
                .is_none_or(|c| c == '\n')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_replace_what_is_between_the_markers() {
        for (text, expected) in [
            ("a\nBEGIN\nEND\nb\n", "a\nBEGIN\n\ndocs\n\nEND\nb\n"),
            ("BEGIN\n\nold `BEGIN`\n\nEND", "BEGIN\n\ndocs\n\nEND"),
            (
                "a\r\nBEGIN\r\nEND\r\n",
                "a\r\nBEGIN\r\n\r\ndocs\r\n\r\nEND\r\n",
            ),
        ] {
            let [text, expected] =
                [text, expected].map(|it| it.replace("BEGIN", BEGIN).replace("END", END));
            let written = Markers::find(&text).expect("markers").replace("docs\n");
            assert_eq!(written, expected);
            let again = Markers::find(&written).expect("markers").replace("docs\n");
            assert_eq!(again, written);
        }
    }

    #[test]
    fn missing_markers_are_shown() {
        for text in [
            "",
            BEGIN,
            END,
            &format!("{END}\n{BEGIN}\n"),
            &format!("`{BEGIN}`\n{END}"),
        ] {
            let why = Markers::find(text).expect_err("not both");
            assert!(why.contains(BEGIN) && why.contains(END), "{why}");
        }
        let twice = format!("{BEGIN}\n{END}\n").repeat(2);
        Markers::find(&twice).expect_err("which of them?");
    }
}
