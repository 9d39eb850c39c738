//! Load on the plugin that keeps a ledger, and what that says about each call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use cvtplugin::prelude::*;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::raw::{Connection, ON_VALIDATION_FAILED};

pub(crate) const LEDGER: &str = env!("CARGO_BIN_EXE_cvt-plugin-ledger");

/// How many calls are in flight at any time.
const CALLERS: usize = 16;

/// Callers that go on until the plugin turns them away.
pub(crate) struct Load {
    callers: JoinSet<Vec<(String, Result<EventResponse, Error>)>>,
    answered: Arc<Semaphore>,
}

impl Load {
    pub(crate) fn on(connection: &Arc<Connection>) -> Self {
        let answered = Arc::new(Semaphore::new(0));
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            callers.spawn(call_until_turned_away(
                connection.clone(),
                caller,
                answered.clone(),
            ));
        }
        Self { callers, answered }
    }

    /// Waits until every caller has had an answer from now on, and is in the middle of its next
    /// call.
    pub(crate) async fn is_on(&self) {
        self.answered.forget_permits(usize::MAX);
        let enough = u32::try_from(CALLERS * 2).expect("a small number");
        let permits = self.answered.acquire_many(enough).await;
        permits.expect("it is never closed").forget();
    }

    /// What became of each call. Ends when the plugin takes no more.
    pub(crate) async fn outcomes(self) -> Outcomes {
        let outcomes = self.callers.join_all().await;
        Outcomes(outcomes.into_iter().flatten().collect())
    }
}

async fn call_until_turned_away(
    connection: Arc<Connection>,
    caller: usize,
    answered: Arc<Semaphore>,
) -> Vec<(String, Result<EventResponse, Error>)> {
    let mut outcomes = Vec::new();
    loop {
        let id = format!("{caller}.{}", outcomes.len());
        let event = ValidationFailedRequest::new("petstore", "GET", "/pets").request_id(&id);
        let outcome = connection.call(ON_VALIDATION_FAILED, &event).await;
        let turned_away = outcome.is_err();
        outcomes.push((id, outcome));
        if turned_away {
            return outcomes;
        }
        answered.add_permits(1);
    }
}

/// What the callers know of each call.
pub(crate) struct Outcomes(BTreeMap<String, Result<EventResponse, Error>>);

impl Outcomes {
    /// Counts the calls that were lost.
    ///
    /// A call may end in two ways. It is answered, and the ledger has its end; or it fails with
    /// `Unavailable`, and the ledger does not have its beginning, so that it may be tried again
    /// elsewhere. Everything else is a loss: an answer without an end, work that was begun and
    /// whose answer did not arrive, another error.
    pub(crate) fn lost(&self, ledger: &Ledger) -> Vec<String> {
        let explain = |(id, outcome): (&String, &Result<EventResponse, Error>)| match outcome {
            Ok(answer) if answer.acknowledged && ledger.ended.contains(id) => None,
            Err(error) if error.code() == Code::Unavailable && !ledger.begun.contains(id) => None,
            other => Some(format!("{id}: {other:?}")),
        };
        self.0.iter().filter_map(explain).collect()
    }
}

/// The plugin's side.
#[derive(Default)]
pub(crate) struct Ledger {
    begun: BTreeSet<String>,
    ended: BTreeSet<String>,
    /// The instances of the plugin that were made, and those that were shut down.
    pub(crate) made: BTreeSet<u32>,
    pub(crate) shut_down: BTreeSet<u32>,
}

impl Ledger {
    /// Reads a ledger, and checks that no instance was used after its end.
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the ledger is there");
        let mut ledger = Self::default();
        for line in text.lines() {
            let (instance, what) = line.split_once(' ').expect("a whole line");
            let instance: u32 = instance.parse().expect("a number");
            assert!(
                !ledger.shut_down.contains(&instance),
                "after its end: {line}"
            );
            let is_new = match what.split_once(' ') {
                Some(("begin", id)) => ledger.begun.insert(id.to_owned()),
                Some(("end", id)) => ledger.ended.insert(id.to_owned()),
                None if what == "new" => ledger.made.insert(instance),
                None if what == "shutdown" => ledger.shut_down.insert(instance),
                _ => false,
            };
            assert!(is_new, "twice, or no line of the ledger: {line}");
        }
        ledger
    }
}
