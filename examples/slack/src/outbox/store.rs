//! All alerts that are still to be sent, and the files that they are in.

use std::io;
use std::path::Path;
use std::time::Instant;

use cvtplugin::prelude::*;
use serde_json::Value;
use tokio::sync::oneshot;

use super::journal::{Entry, Journal, Record};

/// How many processes may have an outbox at the same path: one `cvt serve`, and some others.
const MAX_JOURNALS: usize = 16;

/// How many alerts are kept.
const MAX_PENDING: usize = 10_000;

/// Whoever waits for an alert to be sent.
pub(super) struct Caller {
    pub(super) reply: oneshot::Sender<Result<()>>,
    pub(super) deadline: Option<Instant>,
}

pub(super) struct Store {
    /// The first gets what is new.
    journals: Vec<Journal>,
    pending: Vec<Pending>,
}

pub(super) struct Pending {
    pub(super) id: Id,
    pub(super) entry: Entry,
    pub(super) caller: Option<Caller>,
}

/// An alert that is about to be posted.
pub(super) struct Attempt {
    pub(super) id: Id,
    pub(super) body: Value,
    pub(super) caller: Option<Caller>,
}

/// An alert's journal, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(usize, u64);

impl Pending {
    fn is_awaited(&self) -> bool {
        let caller = self.caller.as_ref();
        caller.is_some_and(|caller| !caller.reply.is_closed())
    }
}

impl Store {
    /// Takes the first file that no other process has: `path`, `path.1` and so on. What others
    /// have left behind is taken over.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let what = || format!("cannot open the outbox {}", path.display());
        let (mut journals, mut pending) = (Vec::new(), Vec::new());
        for number in 0..MAX_JOURNALS {
            let mut path = path.as_os_str().to_owned();
            if number > 0 {
                path.push(format!(".{number}"));
            }
            let path = Path::new(&path);
            if !journals.is_empty() && !path.exists() {
                continue;
            }
            let opened = Journal::open(path).failed_precondition(what())?;
            let Some((journal, entries)) = opened else {
                continue;
            };
            if !journals.is_empty() && entries.is_empty() {
                continue;
            }
            let index = journals.len();
            pending.extend(entries.into_iter().map(|entry| Pending {
                id: Id(index, entry.id),
                entry,
                caller: None,
            }));
            journals.push(journal);
        }
        if journals.is_empty() {
            return Err(Error::failed_precondition(format!(
                "{}: {MAX_JOURNALS} other processes use it",
                what()
            )));
        }
        Ok(Self { journals, pending })
    }

    /// Keeps an alert. One that is kept already, by its key, is not kept twice if `merge`.
    pub(super) fn add(
        &mut self,
        key: &str,
        body: &Value,
        caller: Caller,
        merge: bool,
    ) -> io::Result<()> {
        let same = |pending: &&mut Pending| merge && pending.entry.key == key;
        if let Some(pending) = self.pending.iter_mut().find(same) {
            pending.caller = Some(caller);
            return Ok(());
        }
        if self.pending.len() >= MAX_PENDING {
            return Err(io::Error::other(format!("{MAX_PENDING} alerts are in it")));
        }
        let entry = self.journals[0].add(key.to_owned(), body.clone())?;
        self.pending.push(Pending {
            id: Id(0, entry.id),
            entry,
            caller: Some(caller),
        });
        Ok(())
    }

    /// What to post next. An alert that somebody waits for goes first.
    pub(super) fn next(&mut self) -> Option<Attempt> {
        let awaited = self.pending.iter().position(Pending::is_awaited);
        let pending = self.pending.get_mut(awaited.unwrap_or(0))?;
        let mut attempt = Attempt {
            id: pending.id,
            body: pending.entry.body.clone(),
            caller: pending.caller.take(),
        };
        if pending.entry.may_be_sent {
            let text = attempt.body["text"].as_str().unwrap_or_default();
            attempt.body["text"] = format!("{text}\n_This may be a repeat._").into();
        }
        let Id(_, id) = attempt.id;
        self.append(attempt.id, &Record::Try { id });
        Some(attempt)
    }

    /// Slack has accepted an alert.
    pub(super) fn done(&mut self, id: Id) -> Option<Pending> {
        let index = self.position(id)?;
        let pending = self.pending.remove(index);
        if self.pending.iter().any(|other| other.id.0 == id.0) {
            self.append(id, &Record::Done { id: id.1 });
        } else if let Err(error) = self.journals[id.0].clear() {
            tracing::error!("cannot clear the outbox: {error}");
        }
        Some(pending)
    }

    /// Slack has not accepted an alert: it is the last in line now.
    pub(super) fn failed(&mut self, id: Id, may_be_sent: bool) {
        let Some(index) = self.position(id) else {
            return;
        };
        let mut pending = self.pending.remove(index);
        pending.entry.may_be_sent |= may_be_sent;
        if !pending.entry.may_be_sent {
            self.append(id, &Record::Fail { id: id.1 });
        }
        self.pending.push(pending);
    }

    /// Whether somebody waits for one of the alerts.
    pub(super) fn is_awaited(&self) -> bool {
        self.pending.iter().any(Pending::is_awaited)
    }

    fn position(&self, id: Id) -> Option<usize> {
        self.pending.iter().position(|pending| pending.id == id)
    }

    /// Without this record, an alert may be sent once more after a crash, but not lost.
    fn append(&mut self, id: Id, record: &Record) {
        if let Err(error) = self.journals[id.0].append(record) {
            tracing::error!("cannot write to the outbox: {error}");
        }
    }
}
