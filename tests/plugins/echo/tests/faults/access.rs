//! Who may connect.

use std::process::Command;

use cvtplugin::host::Host;
use cvtplugin_testkit::process::assert_empty;

use crate::harness::{ECHO, Echo, SHELL};

/// As under `setpriv`, `su-exec` or `gosu`: the host is root, and the plugin is nobody.
#[tokio::test]
#[ignore = "needs root: .ci/faults"]
async fn root_host_of_another_users_plugin_is_served() {
    let directory = tempfile::tempdir().expect("a directory");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(directory.path(), open).expect("it is ours");
    let plugin = directory.path().join("cvt-plugin-echo");
    // Not by this process: while it has the copy open to write, another test's child may inherit
    // that, and then the copy cannot be run.
    let copied = Command::new("cp").arg(ECHO).arg(&plugin).status();
    assert!(copied.expect("cp runs").success());
    let temp_dir = directory.path().join("tmp");
    std::fs::create_dir(&temp_dir).expect("a directory");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
    std::fs::set_permissions(&temp_dir, open).expect("it is ours");
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let configure = |host: Host| {
        host.env("LAUNCH", format!("exec {nobody} '{}'", plugin.display()))
            .env("TMPDIR", &temp_dir)
    };
    let echo = Echo::launch_binary(SHELL, configure).await;
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
    assert_empty(&temp_dir);
}
