//! Who may connect.

use std::process::Command;

use cvtplugin::host::{Capture, Host, LaunchError};

use crate::harness::ECHO;
use crate::tools::SHELL;

/// The plugin runs as nobody, so that this process is another user for it, who may go anywhere.
#[tokio::test]
#[ignore = "needs root, to be somebody else: .ci/faults"]
async fn another_user_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), open).expect("it is ours");
    let plugin = folder.path().join("cvt-plugin-echo");
    // Not by this process: while it has the copy open to write, another test's child may inherit
    // that, and then the copy cannot be run.
    let copied = Command::new("cp").arg(ECHO).arg(&plugin).status();
    assert!(copied.expect("cp runs").success());
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let said = Capture::default();
    let host = Host::new(SHELL)
        .env("LAUNCH", format!("exec {nobody} '{}'", plugin.display()))
        .env("TMPDIR", folder.path())
        .capture(&said);
    let error = host.launch().await.expect_err("a stranger is not served");
    assert!(
        matches!(error, LaunchError::Connect(_) | LaunchError::Ping(_)),
        "{error}"
    );
    said.log(|record| record.message.contains("another user"))
        .await;
}
