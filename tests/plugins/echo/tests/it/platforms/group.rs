//! A socket that is shared with a group.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use cvtplugin_testkit::wait::TIMEOUT;
use tempfile::TempDir;

use super::{is_served, start};
use crate::harness::{ECHO, Echo};

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
async fn group_gets_the_socket_and_a_way_to_it() {
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
        let directory = socket.parent().expect("a directory");
        assert_eq!(mode_and_group(directory), (0o710, gid), "{group}");
        echo.end().await;
    }
}

#[tokio::test]
async fn directory_of_the_hosts_stays_as_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let before = mode_and_group(directory.path());
    let echo = Echo::launch_with(|host| {
        host.env(GROUP, id("-g"))
            .env("PLUGIN_UNIX_SOCKET_DIR", directory.path())
    })
    .await;
    assert_eq!(
        mode_and_group(echo.plugin.socket().expect("a Unix socket")).0,
        0o660
    );
    assert_eq!(
        echo.plugin.socket().expect("a Unix socket").parent(),
        Some(directory.path())
    );
    assert_eq!(mode_and_group(directory.path()), before);
    echo.end().await;
}

#[test]
fn group_that_is_not_the_plugins_own_is_an_error() {
    let strange = Strange::new();
    let in_it = strange.directory.path();
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
fn other_user_is_refused_unless_a_group_is_named_and_root_is_not() {
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
        assert!(serves(socket), "root: {group:?}");
        assert_eq!(serves_another_user(socket), served, "{group:?}");
    }
}

fn serves(socket: &str) -> bool {
    let stream = UnixStream::connect(socket).expect("whoever asks may go anywhere");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a limit");
    is_served(stream)
}

/// What a process of another user finds out, who may go anywhere all the same.
fn serves_another_user(socket: &str) -> bool {
    let output = Command::new("setpriv")
        .args(["--reuid=65533", "--regid=65533", "--clear-groups"])
        .args(["--inh-caps=+dac_override", "--ambient-caps=+dac_override"])
        .arg(std::env::current_exe().expect("a path"))
        .args(["platforms::group::another_user", "--exact", "--ignored"])
        .arg("--nocapture")
        .env(SOCKET, socket)
        .output();
    let output = String::from_utf8(output.expect("setpriv runs").stdout).expect("text");
    match (output.contains("[served]"), output.contains("[refused]")) {
        (true, false) => true,
        (false, true) => false,
        _ => panic!("{output}"),
    }
}

/// Where the process of another user finds the socket.
const SOCKET: &str = "ANOTHER_USERS_SOCKET";

/// Not a test: the process of another user.
#[test]
#[ignore = "the process of another user, which another test starts"]
fn another_user() {
    if let Ok(socket) = std::env::var(SOCKET) {
        let found = if serves(&socket) { "served" } else { "refused" };
        println!("[{found}]");
    }
}

/// The echo plugin, where a user can run it who is neither root nor in root's group.
struct Strange {
    directory: TempDir,
}

impl Strange {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let everybody = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(directory.path(), everybody).expect("it is ours");
        // Not by this process: while it has the copy open to write, another test's child may
        // inherit that, and then the copy cannot be run.
        let copied = Command::new("cp").arg(ECHO).arg(directory.path()).status();
        assert!(copied.expect("cp runs").success());
        Self { directory }
    }

    /// As launched by a host. Its user is nobody, unless only root can have that.
    fn command(&self) -> Command {
        let mut command = Command::new(self.directory.path().join("cvt-plugin-echo"));
        command
            .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
            .env("TMPDIR", self.directory.path())
            .stdin(Stdio::null());
        if id("-u") == "0" {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}
