//! The directory in which `dev` and the shim of a plugin meet. It is its user's alone.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use cvtplugin_names::BINARY_PREFIX;
use tokio::net::{UnixListener, UnixStream};

/// The directory of a plugin, which is named after it.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    path: PathBuf,
    pub(super) plugin: String,
}

impl Directory {
    /// Makes the directory of a plugin, if it is missing.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be made, or others have access to it.
    pub(super) fn create(plugin: &str) -> Result<Self, BoxError> {
        let path = state_home()?.join("cvt-plugin").join(plugin);
        let mut builder = DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(&path);
        made.map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Self::open(&path)
    }

    /// Takes a directory that has been made.
    ///
    /// # Errors
    ///
    /// Returns an error if it is missing, or others have access to it.
    pub(super) fn open(path: &Path) -> Result<Self, BoxError> {
        let shown = path.display();
        let metadata = fs::symlink_metadata(path)
            .map_err(|error| format!("cannot read {shown}: {error}; run `cvt-plugin dev` again"))?;
        let is_ours = metadata.uid() == rustix::process::geteuid().as_raw();
        if !metadata.is_dir() || !is_ours || metadata.mode() & 0o077 != 0 {
            return Err(format!(
                "unsafe directory {shown}: expected one that only its owner, you, has access to; \
                 run `chmod 700 {shown}`"
            )
            .into());
        }
        let name = path.file_name().unwrap_or_default();
        Ok(Self {
            plugin: name.to_string_lossy().into_owned(),
            path: path.to_owned(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is to be installed into CVT.
    pub(super) fn shim(&self) -> PathBuf {
        self.path.join(self.file_name())
    }

    /// A copy of the last build that has succeeded: cargo may replace its own at any time.
    pub(super) fn build(&self) -> PathBuf {
        self.path.join("build").join(self.file_name())
    }

    fn file_name(&self) -> String {
        format!("{BINARY_PREFIX}{}", self.plugin)
    }

    /// Makes this process the one that serves the shim until the file is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if another one does.
    pub(super) fn lock(&self) -> Result<File, BoxError> {
        let file = File::create(self.path.join("lock"))?;
        file.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => format!(
                "another `cvt-plugin dev` serves {}: stop it first",
                self.plugin
            )
            .into(),
            fs::TryLockError::Error(error) => BoxError::from(error),
        })?;
        Ok(file)
    }

    /// Listens for the shim, which only the process with the lock may do.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket cannot be made.
    pub(super) fn listen(&self) -> Result<UnixListener, BoxError> {
        let socket = self.socket();
        match fs::remove_file(&socket) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error)?,
            _ => {}
        }
        UnixListener::bind(&socket).map_err(|error| {
            let socket = socket.display();
            format!("cannot listen on {socket}: {error}; XDG_STATE_HOME may name a shorter path")
                .into()
        })
    }

    /// Connects to the `dev` that runs; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if there is one that cannot be reached.
    pub(super) async fn connect(&self) -> io::Result<Option<UnixStream>> {
        match UnixStream::connect(self.socket()).await {
            Ok(stream) => Ok(Some(stream)),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(None),
                _ => Err(error),
            },
        }
    }

    fn socket(&self) -> PathBuf {
        self.path.join("socket")
    }

    /// Keeps where the plugin's package is, for messages.
    pub(super) fn write_package(&self, package: &Path) -> io::Result<()> {
        fs::write(
            self.path.join("package"),
            package.as_os_str().as_encoded_bytes(),
        )
    }

    /// Where the plugin's package is, or a word for it.
    pub(super) fn package(&self) -> String {
        let package = fs::read_to_string(self.path.join("package"));
        package.unwrap_or_else(|_| "DIR".to_owned())
    }
}

/// Where programs of this user keep what outlives them.
fn state_home() -> Result<PathBuf, &'static str> {
    let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || Some(std::env::home_dir()?.join(".local/state"));
    let chosen = set.filter(|path| path.is_absolute()).or_else(home);
    chosen.ok_or("missing home directory: set HOME")
}
