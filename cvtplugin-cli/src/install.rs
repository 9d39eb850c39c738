//! CVT's record of installed plugins, `state.json`, and what CVT compares with it at each start.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use cvtplugin_names::BINARY_PREFIX;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::terminal::quoted;

/// What `cvt plugins install` has recorded.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct State {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    plugins: Option<BTreeMap<String, Record>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Record {
    binary_path: PathBuf,
    sha256: String,
}

/// Why CVT does not start a plugin, and what to do.
#[derive(Debug)]
pub(crate) struct NotInstalled {
    pub(crate) found: String,
    pub(crate) fix: String,
}

impl State {
    /// Reads a `state.json`; one that is missing has no plugins.
    ///
    /// # Errors
    ///
    /// Returns why CVT takes the file for empty.
    pub(crate) fn read(path: &Path) -> Result<Self, BoxError> {
        let json = match std::fs::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            read => read?,
        };
        // A struct could be read from a list as well.
        let state: Map<String, Value> = serde_json::from_slice(&json)?;
        let state: Self = serde_json::from_value(state.into())?;
        match state.version {
            0 | 1 => Ok(state),
            version => Err(format!("unsupported version {version}: expected 1").into()),
        }
    }

    /// Checks what CVT checks before it starts a plugin.
    ///
    /// # Errors
    ///
    /// Returns what CVT would refuse, unless it is that the binary cannot be read.
    pub(crate) fn verify(&self, name: &str, binary: &Path) -> Result<(), NotInstalled> {
        let fix = format!("run `{}`", install_command(name, binary));
        let records = self.plugins.as_ref();
        let Some(record) = records.and_then(|records| records.get(name)) else {
            let found = "not installed: state.json has no record of it".to_owned();
            return Err(NotInstalled { found, fix });
        };
        // By their text, as CVT compares them.
        if record.binary_path.as_os_str() != binary.as_os_str() {
            let (recorded, configured) = (record.binary_path.display(), binary.display());
            return Err(NotInstalled {
                found: format!("installed as {recorded}, but configured as {configured}"),
                fix: format!("write `binary: {recorded}` in config.yaml, or {fix}"),
            });
        }
        match sha256(binary) {
            Ok(hash) if hash != record.sha256 => Err(NotInstalled {
                found: format!(
                    "{} was replaced after it was installed: its SHA-256 is not that of state.json",
                    binary.display()
                ),
                fix,
            }),
            _ => Ok(()),
        }
    }

    /// The installed plugins that `is_known` does not know.
    pub(crate) fn others(&self, is_known: impl Fn(&str) -> bool) -> Vec<&str> {
        let names = self.plugins.iter().flatten().map(|(name, _)| name.as_str());
        names.filter(|name| !is_known(name)).collect()
    }
}

/// The command that installs a binary under this name.
pub(crate) fn install_command(name: &str, binary: &Path) -> String {
    let path = quoted(&binary.display().to_string());
    if name_of(binary) == name {
        format!("cvt plugins install {path}")
    } else {
        format!("cvt plugins install --name {name} {path}")
    }
}

/// The name under which CVT installs a binary.
pub(crate) fn name_of(binary: &Path) -> String {
    let file = binary.file_name().unwrap_or_default().to_string_lossy();
    file.strip_prefix(BINARY_PREFIX).unwrap_or(&file).to_owned()
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = io::Read::read(&mut file, &mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let mut hex = String::new();
    for byte in hash.finalize() {
        // A String takes whatever is written.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn installed(hash: &str) -> (tempfile::TempDir, PathBuf, State) {
        let dir = tempfile::tempdir().expect("a directory");
        let binary = dir.path().join("cvt-plugin-rest");
        std::fs::write(&binary, "abc").expect("a file");
        let state = dir.path().join("state.json");
        let json = serde_json::json!({
            "version": 1,
            "plugins": {"rest": {"binary_path": binary, "sha256": hash}},
        });
        std::fs::write(&state, json.to_string()).expect("a file");
        let state = State::read(&state).expect("a state");
        (dir, binary, state)
    }

    #[test]
    fn install_state_has_to_match_name_path_and_hash() {
        let (_dir, binary, state) = installed(ABC);
        assert!(state.verify("rest", &binary).is_ok());
        let found = |name, path: &Path| state.verify(name, path).expect_err(name).found;
        assert!(found("slack", &binary).contains("no record"));
        assert!(found("rest", Path::new("/other")).contains("configured as /other"));
        let (_dir, binary, state) = installed("00");
        let replaced = state.verify("rest", &binary).expect_err("another hash");
        assert!(replaced.found.contains("was replaced"), "{replaced:?}");
        assert!(
            replaced.fix.contains("cvt plugins install "),
            "{replaced:?}"
        );
    }

    #[test]
    fn install_state_may_be_missing_but_not_broken() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("state.json");
        assert!(State::read(&path).is_ok());
        for json in ["{", r#"{"version": 2}"#, "[]"] {
            std::fs::write(&path, json).expect("a file");
            assert!(State::read(&path).is_err(), "{json}");
        }
        std::fs::write(&path, r#"{"plugins": null}"#).expect("a file");
        assert!(State::read(&path).is_ok());
    }

    #[test]
    fn install_command_names_and_quotes() {
        for (name, binary, command) in [
            ("rest", "/x/cvt-plugin-rest", "install /x/cvt-plugin-rest"),
            ("a", "/x/b", "install --name a /x/b"),
            ("b", "/it's me/b", r"install '/it'\''s me/b'"),
        ] {
            let full = format!("cvt plugins {command}");
            assert_eq!(install_command(name, Path::new(binary)), full);
        }
    }
}
