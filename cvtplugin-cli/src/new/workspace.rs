//! Whether a project lies within somebody else's workspace.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether cargo would take a package at `directory` for a part of a workspace around it.
pub(super) fn surrounds(directory: &Path) -> bool {
    let around = directory.ancestors().skip(1);
    around
        .filter_map(|directory| std::fs::read_to_string(directory.join("Cargo.toml")).ok())
        .any(|manifest| is_workspace(&manifest))
}

/// Whether the workspace around the package at `directory` has it as a member, as by a glob. Without
/// cargo nobody knows, and it has not.
pub(super) fn has_member(directory: &Path) -> bool {
    let metadata = Command::new("cargo")
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(directory)
        .stdin(Stdio::null())
        .output();
    metadata.is_ok_and(|it| it.status.success())
}

/// Whether a manifest is that of a workspace. Every way to write one has such a line.
fn is_workspace(manifest: &str) -> bool {
    manifest.lines().any(|line| {
        let table = line.trim_start().strip_prefix('[').unwrap_or_default();
        let name = table.trim_start().strip_prefix("workspace");
        name.is_some_and(|rest| rest.trim_start().starts_with([']', '.']))
    })
}

#[cfg(test)]
mod tests {
    use super::is_workspace;

    #[test]
    fn workspace_is_recognised_by_its_table() {
        for manifest in [
            "[workspace]",
            "[package]\nname = \"x\"\n\n [ workspace ] # here\n",
            "[workspace.dependencies]",
        ] {
            assert!(is_workspace(manifest), "{manifest}");
        }
        for manifest in [
            "[package]\nname = \"workspace\"\n",
            "# [workspace]",
            "[workspaces]",
            "[dependencies]\nx.workspace = true\n",
        ] {
            assert!(!is_workspace(manifest), "{manifest}");
        }
    }
}
