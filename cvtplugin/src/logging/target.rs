//! Opens what log lines are written to: the host's pipe, and the file that the operator asked for.

use std::fs::{DirBuilder, File, FileType, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{OFlags, Stat, fstat};

use super::queue::Target;

/// As many symbolic links as Linux follows.
const MAX_LINKS: usize = 40;

/// The real stderr.
pub(super) fn for_host(pipe: File) -> Target {
    match reopened(&pipe) {
        Some(file) => Target {
            file,
            is_nonblocking: true,
            is_mid_line: false,
        },
        None => Target {
            file: pipe,
            is_nonblocking: false,
            is_mid_line: false,
        },
    }
}

/// The same pipe or terminal, where writing does not wait. Only this descriptor is like that: the
/// other one is shared with whoever passed it on.
fn reopened(pipe: &File) -> Option<File> {
    if !cfg!(target_os = "linux") || !may_wait(pipe.metadata().ok()?.file_type()) {
        return None;
    }
    let path = format!("/proc/self/fd/{}", pipe.as_raw_fd());
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = File::options();
    options.write(true).custom_flags(flags.bits().cast_signed());
    options.open(path).ok()
}

/// Whether it can be asked not to wait.
fn may_wait(kind: FileType) -> bool {
    kind.is_fifo() || kind.is_char_device()
}

/// The log file at `path`, for its owner alone: a log may tell more than the operator means to
/// share. It is made, with the directories on the way to it, unless it is there.
pub(super) fn for_file(path: &Path) -> io::Result<Target> {
    let path = resolved(&in_home(path))?;
    if let Some(directory) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
    }
    // What is written there would come back to us, as if somebody had printed it.
    if rustix::fs::stat(&path).is_ok_and(|file| is_our_own_pipe(&file)) {
        return Err(io::Error::other(
            "it is the plugin's own stdout or stderr: expected a file",
        ));
    }
    // Opening a pipe that nobody reads would wait, and so would writing to a terminal that is
    // stopped. A terminal must not become the plugin's own.
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    // What was not a link a moment ago must not be one now.
    flags.set(OFlags::NOFOLLOW, !path.starts_with("/proc"));
    let file = File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(&path)?;
    let kind = file.metadata()?.file_type();
    Ok(Target {
        file,
        is_nonblocking: may_wait(kind),
        is_mid_line: kind.is_file() && ends_mid_line(&path).unwrap_or(false),
    })
}

/// `path`, in which `~/` is the home directory.
fn in_home(path: &Path) -> PathBuf {
    let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Whether it is a pipe in the place of this process's stdout or stderr.
fn is_our_own_pipe(file: &Stat) -> bool {
    let is_same = |stat: rustix::io::Result<Stat>| {
        stat.is_ok_and(|stat| (stat.st_dev, stat.st_ino) == (file.st_dev, file.st_ino))
    };
    rustix::fs::FileType::from_raw_mode(file.st_mode).is_fifo()
        && (is_same(fstat(rustix::stdio::stdout())) || is_same(fstat(rustix::stdio::stderr())))
}

/// `path` without symbolic links, none of which may be of another user: they would choose what
/// file of ours is written to. root may.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut links = 0;
    let mut path = std::path::absolute(path)?;
    'again: loop {
        let mut resolved = PathBuf::new();
        let mut rest = path.components();
        while let Some(component) = rest.next() {
            if component == Component::ParentDir {
                resolved.pop();
                continue;
            }
            resolved.push(component);
            let is_link = |file: &Metadata| file.file_type().is_symlink();
            let Some(link) = resolved.symlink_metadata().ok().filter(is_link) else {
                continue;
            };
            if ![0, rustix::process::geteuid().as_raw()].contains(&link.uid()) {
                let why = format!("{} is a symbolic link of another user", resolved.display());
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
            }
            // Those of /proc say no path that could be followed.
            if resolved.starts_with("/proc") {
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("too many symbolic links"));
            }
            let target = resolved.read_link()?;
            resolved.pop();
            path = resolved.join(target).join(rest.as_path());
            continue 'again;
        }
        return Ok(resolved);
    }
}

/// Whether the last line of a file has no end: a disk that was full, a process that was killed.
fn ends_mid_line(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn missing_directory_is_made_and_the_file_is_its_owners() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a/b/plugin.log");
        assert!(!for_file(&path).expect("it opens").is_mid_line);
        let mode = |path: &Path| path.metadata().expect("it is there").mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&directory.path().join("a")), 0o700);
        std::fs::write(&path, "a line\nhalf").expect("it is written");
        assert!(for_file(&path).expect("it opens").is_mid_line);
    }

    #[test]
    fn home_directory_is_found() {
        let home = std::env::home_dir().expect("a home");
        assert_eq!(in_home("~/a.log".as_ref()), home.join("a.log"));
        assert_eq!(in_home("~a.log".as_ref()), Path::new("~a.log"));
        assert_eq!(in_home("a/~/b".as_ref()), Path::new("a/~/b"));
    }

    #[test]
    fn own_links_are_followed_wherever_they_are() {
        let directory = tempfile::tempdir().expect("a directory");
        let at = |name: &str| directory.path().join(name);
        std::fs::create_dir(at("real")).expect("a directory");
        symlink("real", at("linked")).expect("a link");
        symlink("../real/plugin.log", at("real/link.log")).expect("a link");
        for_file(&at("linked/link.log")).expect("it opens");
        assert!(at("real/plugin.log").exists());
        symlink("loop", at("loop")).expect("a link");
        let error = for_file(&at("loop/plugin.log")).err().expect("a loop");
        assert!(error.to_string().contains("too many"), "{error}");
    }

    #[test]
    fn pipes_are_fine_unless_nobody_reads_them() {
        let (_reader, writer) = io::pipe().expect("a pipe");
        let path = format!("/dev/fd/{}", writer.as_raw_fd());
        assert!(for_file(path.as_ref()).expect("it opens").is_nonblocking);

        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("pipe");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        for_file(&path).err().expect("nobody reads it");
    }
}
