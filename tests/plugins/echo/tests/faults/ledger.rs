//! Load on the plugin that keeps a ledger, and what that says about each call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{Connection, ON_VALIDATION_FAILED};
use cvtplugin_testkit::wait::soon;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::harness::SHELL;

pub(crate) const LEDGER: &str = env!("CARGO_BIN_EXE_cvt-plugin-ledger");

/// How many calls are in flight at any time, unless a test says otherwise.
pub(crate) const CALLERS: usize = 16;

/// A plugin under load.
pub(crate) struct Loaded {
    pub(crate) plugin: RunningPlugin,
    /// What the calls are made on.
    pub(crate) connection: Arc<Connection>,
    pub(crate) books: Books,
}

impl Loaded {
    pub(crate) async fn launch() -> Self {
        Self::launch_by(&format!("exec '{LEDGER}'"), CALLERS).await
    }

    /// Launches the plugin by a shell that does what `script` says.
    pub(crate) async fn launch_by(script: &str, callers: usize) -> Self {
        let directory = TempDir::new().expect("a directory");
        let temporary = directory.path().join("tmp");
        std::fs::create_dir(&temporary).expect("a directory");
        let ledger = directory.path().join("ledger");
        let host = Host::new(SHELL)
            .env("LAUNCH", script)
            .env("TMPDIR", temporary)
            .config("path", ledger.to_str().expect("text"))
            .start_timeout(Duration::from_secs(60));
        let plugin = host.launch().await.expect("the ledger launches");
        let connection = Connection::open(plugin.socket().expect("a Unix socket")).await;
        let connection = Arc::new(connection.expect("a connection"));
        let load = Load::on(&connection, callers);
        let books = Books { directory, load };
        books.load_is_on().await;
        Self {
            plugin,
            connection,
            books,
        }
    }

    /// Ends the plugin as its host does, and checks that no call was lost.
    pub(crate) async fn end(self) -> Ledger {
        // It is still served, whatever has happened.
        self.books.load_is_on().await;
        let exit = self.plugin.shutdown().await;
        let exit = exit.expect("it can be waited for");
        assert!(exit.is_clean(), "{exit:?}");
        self.books.show_no_loss().await
    }
}

/// The callers' side and the plugin's.
pub(crate) struct Books {
    directory: TempDir,
    load: Load,
}

impl Books {
    /// What the plugin has for its temporary directory.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.directory.path().join("tmp")
    }

    /// Waits until every caller has had a response from now on, and is in the middle of its next
    /// call.
    pub(crate) async fn load_is_on(&self) {
        soon("the load", self.load.is_on()).await;
    }

    /// Compares the two once the plugin has ended.
    pub(crate) async fn show_no_loss(self) -> Ledger {
        let outcomes = soon("every caller", self.load.outcomes()).await;
        let ledger = Ledger::read(&self.directory.path().join("ledger"));
        let lost = outcomes.lost(&ledger);
        assert!(lost.is_empty(), "lost {lost:#?}");
        assert_eq!(ledger.made, ledger.shut_down, "instances");
        ledger
    }
}

/// Callers that go on until the plugin turns them away.
struct Load {
    callers: JoinSet<Vec<(String, Result<EventResponse, Error>)>>,
    acknowledged: Arc<Semaphore>,
}

impl Load {
    fn on(connection: &Arc<Connection>, callers: usize) -> Self {
        let acknowledged = Arc::new(Semaphore::new(0));
        let callers = (0..callers)
            .map(|caller| call_until_turned_away(connection.clone(), caller, acknowledged.clone()));
        Self {
            callers: callers.collect(),
            acknowledged,
        }
    }

    async fn is_on(&self) {
        self.acknowledged.forget_permits(usize::MAX);
        let enough = u32::try_from(self.callers.len() * 2).expect("a small number");
        let permits = self.acknowledged.acquire_many(enough).await;
        permits.expect("it is never closed").forget();
    }

    /// What became of each call. Ends when the plugin takes no more.
    async fn outcomes(self) -> Outcomes {
        let outcomes = self.callers.join_all().await;
        Outcomes(outcomes.into_iter().flatten().collect())
    }
}

async fn call_until_turned_away(
    connection: Arc<Connection>,
    caller: usize,
    acknowledged: Arc<Semaphore>,
) -> Vec<(String, Result<EventResponse, Error>)> {
    let mut outcomes = Vec::new();
    loop {
        let id = format!("{caller}.{}", outcomes.len());
        let outcome = connection.call(ON_VALIDATION_FAILED, &entry(&id)).await;
        let turned_away = outcome.is_err();
        outcomes.push((id, outcome));
        if turned_away {
            return outcomes;
        }
        acknowledged.add_permits(1);
    }
}

/// What the plugin enters into its ledger.
pub(crate) fn entry(id: &str) -> ValidationFailedRequest {
    ValidationFailedRequest::new("petstore", "GET", "/pets").request_id(id)
}

/// What the callers know of each call.
struct Outcomes(BTreeMap<String, Result<EventResponse, Error>>);

impl Outcomes {
    /// Counts the calls that were lost.
    ///
    /// A call may end in two ways. It gets its response, and the ledger has its end; or it fails with
    /// `Unavailable`, and the ledger does not have its beginning, so that it may be tried again
    /// elsewhere. Everything else is a loss: a response without an end, work that was begun and
    /// whose response did not arrive, another error.
    fn lost(&self, ledger: &Ledger) -> Vec<String> {
        let explain = |(id, outcome): (&String, &Result<EventResponse, Error>)| match outcome {
            Ok(response) if response.acknowledged && ledger.ended.contains(id) => None,
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
    fn read(path: &Path) -> Self {
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
