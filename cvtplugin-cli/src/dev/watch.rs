//! Watches the sources.

use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::UnboundedSender;

use super::package::Package;
use super::wake::Wake;

/// Files that say how to build.
const MANIFESTS: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "rust-toolchain",
    "rust-toolchain.toml",
];

/// Reports changes for as long as it lives.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    sources: Vec<PathBuf>,
    target: PathBuf,
    /// What the last good build was made of.
    parts: Option<Vec<PathBuf>>,
}

impl Watch {
    /// Begins to report changes below the package and those that it depends on by their path.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no more watches.
    pub(super) fn start(package: &Package, wakes: UnboundedSender<Wake>) -> Result<Self, BoxError> {
        let canonical = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        let target = canonical(&package.target);
        let below = target.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            let mut paths = event.paths;
            paths.retain(|path| !path.starts_with(&below));
            // Cargo itself reads the sources.
            if !event.kind.is_access() && !paths.is_empty() {
                // Nobody listens any more when `dev` is ending.
                let _ = wakes.send(Wake::Changed(paths));
            }
        })?;
        let mut watch = Self {
            watcher,
            sources: package.sources.iter().map(canonical).collect(),
            target,
            parts: None,
        };
        watch.follow()?;
        Ok(watch)
    }

    /// Takes what a build was made of: any other file may change. After one that has failed, none.
    pub(super) fn built(&mut self, parts: Option<Vec<PathBuf>>) {
        // A package of the same name may build into the same directory, and list its own.
        let is_own = |part: &PathBuf| self.sources.iter().any(|it| part.starts_with(it));
        self.parts = parts.filter(|parts| parts.iter().any(is_own));
        // Directories may have been added. What was watched before still is.
        let _ = self.follow();
    }

    /// Whether a change of these files calls for another build.
    pub(super) fn concerns(&self, changed: &[PathBuf]) -> bool {
        changed.iter().any(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_part = |parts: &Vec<PathBuf>| parts.iter().any(|part| path.starts_with(part));
            match &self.parts {
                _ if MANIFESTS.contains(&&*name) => true,
                Some(parts) => is_part(parts),
                // What editors keep beside a file.
                None => !name.starts_with('.') && !name.ends_with('~'),
            }
        })
    }

    /// Watches all directories of the sources but those with what is built, and hidden ones.
    fn follow(&mut self) -> notify::Result<()> {
        for source in &self.sources {
            self.watcher.watch(source, RecursiveMode::NonRecursive)?;
            for directory in std::fs::read_dir(source)?.flatten() {
                let path = directory.path();
                if path.is_dir() && !is_hidden(&path) && !self.is_output(&path) {
                    self.watcher.watch(&path, RecursiveMode::Recursive)?;
                }
            }
        }
        // Included from elsewhere.
        for part in self.parts.iter().flatten() {
            let is_watched = self.sources.iter().any(|source| part.starts_with(source));
            if let Some(parent) = part.parent().filter(|_| !is_watched) {
                self.watcher.watch(parent, RecursiveMode::NonRecursive)?;
            }
        }
        Ok(())
    }

    fn is_output(&self, path: &Path) -> bool {
        path.starts_with(&self.target) || path.ends_with("target")
    }
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}
