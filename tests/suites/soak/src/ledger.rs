//! A plugin that keeps a ledger, ended under load and started again, over and over: whatever it
//! has acknowledged is in the ledger.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cvtplugin::host::{Client, Exit, Host, RunningPlugin};
use cvtplugin::prelude::*;
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

const CALLERS: usize = 16;

/// How many responses there are at least before each change of the config, and before each end.
const RESPONSES: u32 = 200;

/// How often the config changes, for a new instance of the plugin each time.
const CHANGES: u32 = 3;

/// How long anything may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How a plugin ends, by turns.
#[derive(Clone, Copy, Debug)]
enum End {
    Kill,
    Sigterm,
    Shutdown,
}

/// What became of all these plugins.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) plugins: usize,
    pub(crate) acknowledged: usize,
    /// What was acknowledged, and is not in the ledger, and what else went wrong.
    pub(crate) lost: Vec<String>,
}

impl Ledger {
    /// Goes on until it is told to stop.
    pub(crate) async fn keep(plugin: PathBuf, stop: Arc<AtomicBool>) -> Result<Self, BoxError> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("ledger");
        let mut ledger = Self::default();
        let mut acknowledged = BTreeSet::new();
        while !stop.load(Ordering::Relaxed) {
            let end = [End::Kill, End::Sigterm, End::Shutdown][ledger.plugins % 3];
            let ids = ledger.run_one(&plugin, &path, end).await?;
            acknowledged.extend(ids);
            ledger.plugins += 1;
        }
        let text = std::fs::read_to_string(&path)?;
        let ended: BTreeSet<_> = text
            .lines()
            .filter_map(|line| line.split_once(" end "))
            .map(|(_, id)| id)
            .collect();
        let missing = acknowledged
            .iter()
            .filter(|id| !ended.contains(id.as_str()));
        ledger.lost.extend(missing.cloned());
        ledger.acknowledged = acknowledged.len();
        Ok(ledger)
    }

    /// Runs one plugin to its end, and returns what it has acknowledged.
    async fn run_one(
        &mut self,
        plugin: &Path,
        path: &Path,
        end: End,
    ) -> Result<Vec<String>, BoxError> {
        let path = path.to_str().internal("a path that is text")?;
        let host = Host::new(plugin).config("path", path).on_log(|_| {});
        let plugin = host.launch().await?;
        let responses = Arc::new(Semaphore::new(0));
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            let name = format!("{}.{caller}", self.plugins);
            callers.spawn(call_to_the_end(
                plugin.client().clone(),
                name,
                responses.clone(),
            ));
        }
        for change in 1..=CHANGES {
            more(&responses).await?;
            plugin.set_config("pause", format!("{change}ms")).await?;
        }
        more(&responses).await?;
        let exit = end.of(plugin).await?;
        if !exit.is_clean() && !matches!(end, End::Kill) {
            self.lost.push(format!("the end by {end:?}: {exit:?}"));
        }
        let mut acknowledged = Vec::new();
        while let Some(caller) = timeout(TIMEOUT, callers.join_next()).await? {
            let (ids, error) = caller?;
            acknowledged.extend(ids);
            if error.code() != Code::Unavailable {
                self.lost.push(format!("a call under {end:?}: {error}"));
            }
        }
        Ok(acknowledged)
    }
}

impl End {
    async fn of(self, plugin: RunningPlugin) -> Result<Exit, BoxError> {
        match self {
            Self::Kill => Ok(plugin.kill().await?),
            Self::Shutdown => Ok(plugin.shutdown().await?),
            Self::Sigterm => {
                let pid = plugin.process_id().try_into().ok().and_then(Pid::from_raw);
                kill_process(pid.internal("a process")?, Signal::TERM)?;
                Ok(plugin.wait(TIMEOUT).await?)
            }
        }
    }
}

/// Waits for more responses from now on.
async fn more(responses: &Semaphore) -> Result<(), BoxError> {
    responses.forget_permits(usize::MAX);
    timeout(TIMEOUT, responses.acquire_many(RESPONSES))
        .await??
        .forget();
    Ok(())
}

/// Makes calls until one fails; returns those that were acknowledged, and the error.
async fn call_to_the_end(
    plugin: Client,
    name: String,
    responses: Arc<Semaphore>,
) -> (Vec<String>, Error) {
    let mut acknowledged = Vec::new();
    loop {
        let id = format!("{name}.{}", acknowledged.len());
        let event = ValidationFailedRequest::new("petstore", "GET", "/pets").request_id(&id);
        match plugin.on_validation_failed(event).await {
            Ok(_) => acknowledged.push(id),
            Err(error) => return (acknowledged, error),
        }
        responses.add_permits(1);
    }
}
