//! A socket that is shared with a group.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{is_served, start};
use crate::harness::{ECHO, Echo, PATIENCE};

const GROUP: &str = "PLUGIN_UNIX_SOCKET_GROUP";

/// A user who is neither root nor us.
const NOBODY: u32 = 65534;

fn id(option: &str) -> String {
    let output = Command::new("id").arg(option).output().expect("id runs");
    String::from_utf8(output.stdout)
        .expect("text")
        .trim()
        .into()
}

fn mode_and_group(path: &Path) -> (u32, u32) {
    let metadata = path.metadata().expect("metadata");
    (metadata.mode() & 0o777, metadata.gid())
}

#[tokio::test]
async fn the_group_gets_the_socket_and_a_way_to_it() {
    let own: u32 = id("-g").parse().expect("a number");
    // Root may give files to any group, others to the groups that they are in.
    let other = match id("-u").as_str() {
        "0" => "54321".to_owned(),
        _ => id("-G").rsplit(' ').next().expect("a group").to_owned(),
    };
    let other_id = other.parse().expect("a number");
    for (group, gid) in [(id("-gn"), own), (other, other_id)] {
        let echo = Echo::launch_with(|host| host.env(GROUP, &group)).await;
        let socket = echo.plugin.socket().expect("a Unix socket");
        assert_eq!(mode_and_group(socket), (0o660, gid), "{group}");
        let folder = socket.parent().expect("a folder");
        assert_eq!(mode_and_group(folder), (0o710, gid), "{group}");
        echo.end().await;
    }
}

#[tokio::test]
async fn the_host_s_own_folder_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = mode_and_group(folder.path());
    let echo = Echo::launch_with(|host| {
        host.env(GROUP, id("-g"))
            .env("PLUGIN_UNIX_SOCKET_DIR", folder.path())
    })
    .await;
    assert_eq!(
        mode_and_group(echo.plugin.socket().expect("a Unix socket")).0,
        0o660
    );
    assert_eq!(
        echo.plugin.socket().expect("a Unix socket").parent(),
        Some(folder.path())
    );
    assert_eq!(mode_and_group(folder.path()), before);
    echo.end().await;
}

#[test]
fn a_group_that_is_not_the_plugin_s_own_is_an_error() {
    let strange = Strange::new();
    let in_it = strange.folder.path();
    for variable in ["TMPDIR", "PLUGIN_UNIX_SOCKET_DIR"] {
        let mut command = strange.command();
        let (mut running, line) = start(command.env(GROUP, "0").env(variable, in_it));
        assert!(line.contains("has to be a member"), "{line}");
        let status = running.0.wait().expect("it is ours");
        assert_eq!(status.code(), Some(1));
    }
    let left: Vec<_> = in_it.read_dir().expect("it is there").collect();
    assert_eq!(left.len(), 1, "more than the binary: {left:?}");
}

#[test]
fn another_user_is_refused_unless_a_group_is_named() {
    if id("-u") != "0" {
        eprintln!("NOT TESTED: only root can connect as another user");
        return;
    }
    for (group, served) in [(None, false), (Some(NOBODY), true)] {
        let strange = Strange::new();
        let mut command = strange.command();
        command.envs(group.map(|group| (GROUP, group.to_string())));
        let (_running, line) = start(&mut command);
        let socket = line.split('|').nth(3).expect("an address");
        let stream = UnixStream::connect(socket).expect("root may connect to anything");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        assert_eq!(is_served(stream), served, "{group:?}");
    }
}

/// The echo plugin, where a user can run it who is neither root nor in root's group.
struct Strange {
    folder: TempDir,
}

impl Strange {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let everybody = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(folder.path(), everybody).expect("it is ours");
        // Not by this process: while it has the copy open to write, another test's child may
        // inherit that, and then the copy cannot be run.
        let copied = Command::new("cp").arg(ECHO).arg(folder.path()).status();
        assert!(copied.expect("cp runs").success());
        Self { folder }
    }

    /// As launched by a host. Its user is nobody, unless only root can have that.
    fn command(&self) -> Command {
        let mut command = Command::new(self.folder.path().join("cvt-plugin-echo"));
        command
            .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
            .env("TMPDIR", self.folder.path())
            .stdin(Stdio::null());
        if id("-u") == "0" {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}
