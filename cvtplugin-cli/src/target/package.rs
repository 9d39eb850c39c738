//! The binary of a package, built by cargo.

use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use serde_json::Value;

use crate::cargo;

/// How a package is built.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Profile {
    /// Soon.
    Dev,
    /// As it is deployed.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// Builds the package in `directory`, and returns its only binary. Cargo talks to the user on
/// stderr.
///
/// # Errors
///
/// When cargo cannot be run or fails, and when there is no binary or more than one.
pub(super) fn build(directory: &Path, profile: Profile) -> Result<PathBuf, BoxError> {
    let arguments = [
        "build",
        "--message-format=json-render-diagnostics",
        "--profile",
        profile.name(),
    ];
    let messages = cargo::output(directory, &arguments, "build")?;
    let binaries: Vec<_> = messages.lines().filter_map(binary).collect();
    match binaries.as_slice() {
        [binary] => Ok(binary.clone()),
        [] => Err(format!(
            "the package in {} has no binary: a plugin needs a src/main.rs",
            directory.display()
        )
        .into()),
        several => {
            let paths = several.iter().map(|it| it.display().to_string());
            Err(format!(
                "{} has several binaries; name the one you mean:\n  {}",
                directory.display(),
                paths.collect::<Vec<_>>().join("\n  ")
            )
            .into())
        }
    }
}

/// The binary of an artifact message of cargo.
fn binary(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let kinds = message["target"]["kind"].as_array()?;
    let is_binary = message["reason"] == "compiler-artifact" && kinds.contains(&"bin".into());
    let path = message["executable"].as_str().filter(|_| is_binary)?;
    Some(path.into())
}

#[cfg(test)]
mod tests {
    use super::binary;

    #[test]
    fn binary_is_found_among_the_messages() {
        let artifact = |kind: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"kind":["{kind}"]}},"executable":{executable}}}"#
            )
        };
        let built = binary(&artifact("bin", r#""/target/cvt-plugin-x""#));
        assert_eq!(built, Some("/target/cvt-plugin-x".into()));
        for message in [
            artifact("bin", "null"),
            artifact("custom-build", r#""/target/build""#),
            artifact("example", r#""/target/example""#),
            artifact("lib", "null"),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
            "no JSON".to_owned(),
        ] {
            assert_eq!(binary(&message), None, "{message}");
        }
    }
}
