//! Builds one after the other: when sources have changed, and when CVT wants a plugin.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, timeout_at};

use super::cargo::Build;
use super::dep_info;
use super::directory::Directory;
use super::wake::{Outcome, Waiting, Wake};
use super::watch::Watch;
use crate::terminal;

/// How long no file changes before a build: editors write several.
const QUIET: Duration = Duration::from_millis(50);

/// How long a build waits for that at most.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Builds what is worked on.
pub(super) struct Worker {
    build: Build,
    directory: Directory,
    watch: Watch,
    /// What the copy in the directory was made from.
    copied: Option<(PathBuf, SystemTime)>,
}

impl Worker {
    pub(super) fn new(build: Build, directory: Directory, watch: Watch) -> Self {
        Self {
            build,
            directory,
            watch,
            copied: None,
        }
    }

    /// Builds at once, and then whenever there is reason to, until nobody can give one any more.
    pub(super) async fn run(mut self, mut wakes: UnboundedReceiver<Wake>) {
        let mut launches: Vec<Waiting> = Vec::new();
        loop {
            let outcome = self.build().await;
            for launch in launches.drain(..) {
                // A shim that waits no longer has said so itself.
                let _ = launch.send(outcome.clone());
            }
            loop {
                let Some(wake) = wakes.recv().await else {
                    return;
                };
                if self.takes(wake, &mut launches) {
                    break;
                }
            }
            self.debounce(&mut wakes, &mut launches).await;
        }
    }

    /// Whether this calls for a build.
    fn takes(&self, wake: Wake, launches: &mut Vec<Waiting>) -> bool {
        match wake {
            Wake::Changed(paths) => self.watch.concerns(&paths),
            Wake::Launch(launch) => {
                launches.push(launch);
                true
            }
        }
    }

    /// Waits for the end of a burst of changes.
    async fn debounce(&self, wakes: &mut UnboundedReceiver<Wake>, launches: &mut Vec<Waiting>) {
        let end = Instant::now() + MAX_WAIT;
        let quiet = || end.min(Instant::now() + QUIET);
        while let Ok(Some(wake)) = timeout_at(quiet(), wakes.recv()).await {
            self.takes(wake, launches);
            if Instant::now() >= end {
                break;
            }
        }
    }

    async fn build(&mut self) -> Outcome {
        let built = self.build.run().await;
        let parts = built.as_deref().ok().map(dep_info::read);
        self.watch.built(parts);
        let executable = built.map_err(|error| {
            format!(
                "{} does not compile: {error}; see `cvt-plugin dev`",
                self.directory.plugin
            )
        })?;
        let copy = self.directory.build();
        self.copy(&executable, &copy)
            .map_err(|error| format!("cannot write {}: {error}", copy.display()))?;
        Ok(copy)
    }

    /// Copies a build that is not yet copied.
    fn copy(&mut self, executable: &Path, copy: &Path) -> io::Result<()> {
        let modified = executable.metadata()?.modified()?;
        let source = Some((executable.to_owned(), modified));
        if self.copied == source && copy.exists() {
            return Ok(());
        }
        let directory = copy.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(directory)?;
        // One that a shim may be starting is replaced, and not written to.
        let fresh = directory.join("new");
        fs::copy(executable, &fresh)?;
        fs::rename(&fresh, copy)?;
        self.copied = source;
        terminal::note(format_args!("{} is ready for `cvt`", self.directory.plugin));
        Ok(())
    }
}
