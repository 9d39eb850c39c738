//! One append-only file of the outbox, and what is still to be sent by it.
//!
//! Each record is a line of JSON that begins with its line break, so that one that was cut off by a
//! crash or a full disk spoils no other.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happens to an alert.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Add {
        id: u64,
        key: String,
        body: Value,
    },
    /// It is about to be posted.
    Try {
        id: u64,
    },
    /// Slack has certainly not accepted it.
    Fail {
        id: u64,
    },
    /// Slack has accepted it.
    Done {
        id: u64,
    },
}

/// An alert that Slack has not accepted yet.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) key: String,
    pub(super) body: Value,
    /// The last time it was posted, nobody learned what became of it.
    pub(super) may_be_sent: bool,
}

#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Locked for as long as this is open. Another file, since this one may be replaced.
    _lock: File,
    next_id: u64,
}

impl Journal {
    /// Opens or creates a file, unless another process has it.
    pub(super) fn open(path: &Path) -> io::Result<Option<(Self, Vec<Entry>)>> {
        let lock = private().open(with_extension(path, "lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if path.exists() && !path.is_file() {
            return Err(io::Error::other("expected a regular file"));
        }
        let file = private().open(path)?;
        sync_directory(path)?;
        let (entries, damaged) = read(&fs::read(path)?);
        let mut journal = Self {
            path: path.to_owned(),
            file,
            _lock: lock,
            next_id: entries.iter().map(|entry| entry.id + 1).max().unwrap_or(0),
        };
        if !damaged.is_empty() {
            journal.set_aside(&damaged, &entries);
        }
        Ok(Some((journal, entries)))
    }

    /// Adds an alert; when this returns, it is on disk.
    pub(super) fn add(&mut self, key: String, body: Value) -> io::Result<Entry> {
        let id = self.next_id;
        let record = Record::Add { id, key, body };
        self.append(&record)?;
        self.next_id += 1;
        let Record::Add { id, key, body } = record else {
            return Err(io::Error::other("a record of another kind"));
        };
        Ok(Entry {
            id,
            key,
            body,
            may_be_sent: false,
        })
    }

    /// Adds a record; when this returns, it is on disk.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let line = format!("\n{}", serde_json::to_string(record)?);
        let written = self.file.write_all(line.as_bytes());
        let written = written.and_then(|()| self.file.sync_data());
        if written.is_err() {
            // Half a record would be read as a damaged one.
            let _ = self.file.set_len(length);
        }
        written
    }

    /// Nothing is left to be sent.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.sync_data()
    }

    /// Moves what cannot be read to another file, for whoever wants to know what it was.
    fn set_aside(&mut self, damaged: &[u8], entries: &[Entry]) {
        let aside = with_extension(&self.path, "corrupt");
        let moved = private()
            .open(&aside)
            .and_then(|mut file| file.write_all(damaged).and_then(|()| file.sync_data()))
            .and_then(|()| self.rewrite(entries));
        let (path, aside) = (self.path.display(), aside.display());
        match moved {
            Ok(()) => tracing::error!("records of the outbox {path} are damaged: see {aside}"),
            Err(why) => tracing::error!("records of the outbox {path} are damaged: {why}"),
        }
    }

    /// Replaces the file by one with nothing but these alerts.
    fn rewrite(&mut self, entries: &[Entry]) -> io::Result<()> {
        let new = with_extension(&self.path, "new");
        let mut file = private().open(&new)?;
        file.set_len(0)?;
        for entry in entries {
            let Entry { id, key, body, .. } = entry.clone();
            let added = serde_json::to_string(&Record::Add { id, key, body })?;
            write!(file, "\n{added}")?;
            if entry.may_be_sent {
                write!(file, "\n{}", serde_json::to_string(&Record::Try { id })?)?;
            }
        }
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        sync_directory(&self.path)?;
        self.file = file;
        Ok(())
    }
}

/// What is still to be sent, and the lines that are not records.
fn read(text: &[u8]) -> (Vec<Entry>, Vec<u8>) {
    let (mut entries, mut damaged): (Vec<Entry>, _) = (Vec::new(), Vec::new());
    let lines = text.split(|&byte| byte == b'\n');
    for line in lines.filter(|line| !line.trim_ascii().is_empty()) {
        let Ok(record) = serde_json::from_slice(line) else {
            damaged.extend_from_slice(line);
            damaged.push(b'\n');
            continue;
        };
        match record {
            Record::Add { id, key, body } => entries.push(Entry {
                id,
                key,
                body,
                may_be_sent: false,
            }),
            Record::Try { id } => mark(&mut entries, id, true),
            Record::Fail { id } => mark(&mut entries, id, false),
            Record::Done { id } => entries.retain(|entry| entry.id != id),
        }
    }
    (entries, damaged)
}

fn mark(entries: &mut [Entry], id: u64, may_be_sent: bool) {
    let entry = entries.iter_mut().find(|entry| entry.id == id);
    if let Some(entry) = entry {
        entry.may_be_sent = may_be_sent;
    }
}

/// Files that only the user can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    options
}

fn with_extension(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// A new name is on disk only once its directory is.
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn open(path: &Path) -> (Journal, Vec<Entry>) {
        let opened = Journal::open(path).expect("opened");
        opened.expect("not locked")
    }

    fn ids(entries: &[Entry]) -> Vec<(u64, bool)> {
        let ids = entries.iter().map(|entry| (entry.id, entry.may_be_sent));
        ids.collect()
    }

    #[test]
    fn alert_is_there_until_it_is_done() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let (mut journal, entries) = open(&path);
        assert!(entries.is_empty());
        for number in 0..4 {
            let added = journal.add("key".into(), json!({ "n": number }));
            assert_eq!(added.expect("added").id, number);
        }
        for record in [
            Record::Try { id: 0 },
            Record::Done { id: 0 },
            Record::Try { id: 1 },
            Record::Try { id: 2 },
            Record::Fail { id: 2 },
        ] {
            journal.append(&record).expect("appended");
        }
        drop(journal);
        let (mut journal, entries) = open(&path);
        assert_eq!(ids(&entries), [(1, true), (2, false), (3, false)]);
        assert_eq!(entries[2].body, json!({ "n": 3 }));
        journal.clear().expect("cleared");
        drop(journal);
        assert!(open(&path).1.is_empty());
    }

    #[test]
    fn journal_has_one_owner() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let journal = open(&path);
        assert!(Journal::open(&path).expect("no error").is_none());
        drop(journal);
        open(&path);
    }

    #[test]
    fn record_that_is_cut_anywhere_spoils_no_other() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let (mut journal, _) = open(&path);
        journal.add("a".into(), json!(1)).expect("added");
        let whole = fs::read(&path).expect("read").len();
        journal.add("b".into(), json!(2)).expect("added");
        drop(journal);
        let text = fs::read(&path).expect("read");
        for end in whole..text.len() {
            fs::write(&path, &text[..end]).expect("written");
            let (mut journal, entries) = open(&path);
            assert_eq!(ids(&entries), [(0, false)], "{end}");
            journal.add("c".into(), json!(3)).expect("added");
            drop(journal);
            assert_eq!(ids(&open(&path).1), [(0, false), (1, false)], "{end}");
        }
    }

    #[test]
    fn damaged_lines_are_set_aside_and_the_rest_is_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let (mut journal, _) = open(&path);
        journal.add("a".into(), json!(1)).expect("added");
        journal.append(&Record::Try { id: 0 }).expect("appended");
        drop(journal);
        let text = fs::read(&path).expect("read");
        let garbage = b"\n\xff\x00garbage\n{\"add\":{}}";
        fs::write(&path, [garbage, &text[..], garbage].concat()).expect("written");
        assert_eq!(ids(&open(&path).1), [(0, true)]);
        let aside = fs::read(directory.path().join("outbox.corrupt")).expect("read");
        let lines = aside.split(|&byte| byte == b'\n');
        assert_eq!(lines.filter(|line| !line.is_empty()).count(), 4);
        // They are gone from the outbox, and reported once.
        fs::remove_file(directory.path().join("outbox.corrupt")).expect("removed");
        assert_eq!(ids(&open(&path).1), [(0, true)]);
        assert!(!directory.path().join("outbox.corrupt").exists());
    }

    #[test]
    fn path_of_a_directory_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(Journal::open(directory.path()).is_err());
        let nowhere = directory.path().join("no/such/directory");
        assert!(Journal::open(&nowhere).is_err());
    }
}
