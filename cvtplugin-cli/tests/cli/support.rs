//! Runs the command, and builds the plugins that it is tried on.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

const COMMAND: &str = env!("CARGO_BIN_EXE_cvt-plugin");

/// The workspace's root.
pub(crate) fn workspace() -> &'static Path {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.parent().expect("the workspace")
}

/// The built binary of a plugin of this workspace.
pub(crate) fn plugin(name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    // Tests wait here for each other's build.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let find = || cvtplugin_testkit::plugins::built(name, Path::new(COMMAND));
    built.entry(name.to_owned()).or_insert_with(find).clone()
}

/// What a run of the command came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Fails with code 1, names each of these parts on stderr, and prints nothing to stdout.
    pub(crate) fn failed(self, parts: &[&str]) -> Self {
        assert_eq!((self.code, &*self.stdout), (Some(1), ""), "{}", self.stderr);
        self.printed(parts)
    }

    pub(crate) fn printed(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(
                self.stderr.contains(part),
                "{part:?} is not in {}",
                self.stderr
            );
        }
        self
    }

    /// What went to stdout, which has to be JSON.
    pub(crate) fn response(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// The command, with none of what this process was told about colours and logs.
pub(crate) fn command() -> Command {
    let mut command = Command::new(COMMAND);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CVT_PLUGIN_LOG"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs the command with these arguments.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    command().args(arguments).output().expect("it runs").into()
}

/// Calls a plugin of this workspace.
pub(crate) fn call(name: &str, arguments: &[&str]) -> Ran {
    let mut command = command();
    command.arg("call").arg(plugin(name)).args(arguments);
    command.output().expect("it runs").into()
}

/// A command that runs, and can be listened and talked to.
pub(crate) struct Running {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        Self { child, stderr }
    }

    /// Waits for a line on stderr with `part` in it.
    pub(crate) fn prints(&mut self, part: &str) {
        let mut lines = self.stderr.by_ref().lines();
        let printed = lines.any(|line| line.expect("text").contains(part));
        assert!(printed, "{part:?} was not printed");
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Writes to its stdin all that it gets, and waits for its end.
    pub(crate) fn response(mut self, input: &str) -> Ran {
        let mut stdin = self.child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        let mut output = self.child.wait_with_output().expect("it ends");
        self.stderr
            .read_to_end(&mut output.stderr)
            .expect("the rest");
        output.into()
    }
}

/// A file with this content, in a new directory that goes with it.
pub(crate) fn file(name: &str, content: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join(name);
    std::fs::write(&path, content).expect("a file");
    (directory, path)
}

/// A script that stands for a plugin.
pub(crate) fn script(content: &str) -> (tempfile::TempDir, PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;

    let (directory, path) = file("cvt-plugin-script", &format!("#!/bin/sh\n{content}\n"));
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, executable).expect("permissions");
    (directory, path)
}
