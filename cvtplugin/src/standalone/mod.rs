//! What a plugin prints when it is run from a shell, without a host.

mod description;
mod docs;
mod info;
mod pattern;
mod schema;
mod stanza;
mod variables;
mod yaml;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cvtplugin_names::{BINARY_PREFIX, without_prefix};

pub(crate) use description::Description;
use description::installed_name;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Question {
    /// Nothing: somebody just started the binary.
    None,
    Help,
    Version,
    Info,
    Config,
    Docs,
    Schema,
}

/// Prints what was asked for on the command line. Where nobody can read that, the exit
/// code is all there is.
pub(crate) fn run(description: &Description<'_>) -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = description.info.name();
    let binary = binary(arguments.next(), name);
    let text = match question(arguments) {
        Ok(Question::None) => {
            let _ = write!(io::stderr(), "{}", explanation(description, &binary));
            return ExitCode::FAILURE;
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "{name}: {error}; see --help");
            return ExitCode::from(2);
        }
        Ok(Question::Help) => explanation(description, &binary) + OPTIONS,
        Ok(Question::Version) => format!("{name} {}\n", description.info.version()),
        Ok(Question::Info) => info::render(description),
        Ok(Question::Config) => stanza::render(description, &binary),
        Ok(Question::Docs) => docs::render(description),
        Ok(Question::Schema) => schema::render(description),
    };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The binary as it was called, or else as it is usually called.
fn binary(called: Option<OsString>, plugin: &str) -> PathBuf {
    let called = PathBuf::from(called.unwrap_or_default());
    if called.file_name().is_some() {
        called
    } else {
        usual_name(plugin).into()
    }
}

/// The file name that CVT takes a plugin's name from.
fn usual_name(plugin: &str) -> String {
    format!("{BINARY_PREFIX}{plugin}")
}

fn question(arguments: impl IntoIterator<Item = OsString>) -> Result<Question, String> {
    let mut arguments = arguments.into_iter();
    let Some(argument) = arguments.next() else {
        return Ok(Question::None);
    };
    let question = match argument.to_str() {
        Some("--help" | "-h") => Question::Help,
        Some("--version" | "-V") => Question::Version,
        Some("--info") => Question::Info,
        Some("--config") => Question::Config,
        Some("--docs") => Question::Docs,
        Some("--schema") => Question::Schema,
        _ => return Err(unexpected(&argument)),
    };
    match arguments.next() {
        None => Ok(question),
        Some(another) => Err(unexpected(&another)),
    }
}

fn unexpected(argument: &OsStr) -> String {
    format!(
        "unexpected argument {:?}: expected one option",
        argument.to_string_lossy()
    )
}

const OPTIONS: &str = "
Options:
      --config   Print a stanza for ~/.cvt/config.yaml
      --docs     Print what this plugin serves and its config keys, as Markdown
      --info     Print what this plugin is and serves, as JSON
      --schema   Print a JSON Schema of this plugin's config
  -h, --help     Print this
  -V, --version  Print the version
";

fn explanation(description: &Description<'_>, binary: &Path) -> String {
    let (name, version) = (description.info.name(), description.info.version());
    let installed = installed_name(binary, name);
    let file = binary.file_name().and_then(OsStr::to_str);
    let install = if file.map(without_prefix) == Some(installed) {
        "cvt plugins install".to_owned()
    } else {
        format!("cvt plugins install --name {installed}")
    };
    format!(
        "{name} {version} is a plugin for CVT, the Contract Validator Toolkit.\n\
         It does nothing by itself: CVT starts it. To install it:\n\
         \n    {install} {binary}\n\n\
         and add what this prints to ~/.cvt/config.yaml:\n\
         \n    {binary} --config\n",
        binary = binary.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(arguments: &[&str]) -> Result<Question, String> {
        question(arguments.iter().map(OsString::from))
    }

    #[test]
    fn options_are_parsed() {
        assert_eq!(ask(&[]), Ok(Question::None));
        assert_eq!(ask(&["--help"]), Ok(Question::Help));
        assert_eq!(ask(&["-V"]), Ok(Question::Version));
        assert_eq!(ask(&["--info"]), Ok(Question::Info));
        assert_eq!(ask(&["--config"]), Ok(Question::Config));
        assert_eq!(ask(&["--docs"]), Ok(Question::Docs));
        assert_eq!(ask(&["--schema"]), Ok(Question::Schema));
    }

    #[test]
    fn other_arguments_are_errors() {
        for arguments in [
            &["--inof"][..],
            &["serve"],
            &["--info", "--config"],
            &["--info=x"],
        ] {
            assert!(ask(arguments).is_err(), "{arguments:?}");
        }
    }
}
