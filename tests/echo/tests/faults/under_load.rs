//! The end of a plugin that is in the middle of calls: none of them is lost.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cvtplugin::host::{Host, RunningPlugin};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::harness::PATIENCE;
use crate::ledger::{LEDGER, Ledger, Load};
use crate::raw::{Connection, SHUTDOWN};
use crate::tools::{SHELL, Signal, assert_empty, signal, soon};

/// How many plugins are ended in each way.
const ENDS: usize = 200;

/// How many of them at a time.
const AT_A_TIME: usize = 20;

/// How long a plugin may outlive its host.
const ORPHANED: Duration = Duration::from_secs(1);

/// What ends a plugin.
#[derive(Clone, Copy, Debug)]
enum End {
    /// The host asks it to end, and hangs up as soon as it has the answer.
    Shutdown,
    Signal(Signal),
    /// The host is killed.
    HostDeath,
}

#[tokio::test]
async fn shutdown_loses_no_call() {
    end_many(End::Shutdown, ENDS).await;
}

#[tokio::test]
async fn sigterm_loses_no_call() {
    end_many(End::Signal(Signal::TERM), AT_A_TIME).await;
}

#[tokio::test]
async fn sighup_loses_no_call() {
    end_many(End::Signal(Signal::HUP), AT_A_TIME).await;
}

#[tokio::test]
async fn the_hosts_death_loses_no_call_and_leaves_no_orphan() {
    end_many(End::HostDeath, ENDS).await;
}

/// Each change makes a new instance of the plugin; the old one ends after its last call.
#[tokio::test]
async fn a_change_of_the_config_loses_no_call() {
    const CHANGES: usize = 50;
    let folder = TempDir::new().expect("a folder");
    let ledger = folder.path().join("ledger");
    let plugin = launch(End::Shutdown, folder.path(), &ledger).await;
    let connection = Connection::open(plugin.socket()).await;
    let connection = Arc::new(connection.expect("a connection"));
    let load = Load::on(&connection);
    for n in 0..CHANGES {
        soon("the load", load.is_on()).await;
        let pause = format!("{}ms", 1 + n % 7);
        plugin
            .set_config("pause", pause)
            .await
            .expect("it is taken");
    }
    soon("the load", load.is_on()).await;
    let exit = plugin.shutdown().await.expect("it can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
    let outcomes = soon("every caller", load.outcomes()).await;
    let ledger = Ledger::read(&ledger);
    let lost = outcomes.lost(&ledger);
    assert!(lost.is_empty(), "lost {lost:#?}");
    assert_eq!(ledger.made.len(), 1 + CHANGES);
    assert_eq!(ledger.made, ledger.shut_down);
}

/// Ends many plugins, several at a time.
async fn end_many(end: End, count: usize) {
    let mut running = JoinSet::new();
    for _ in 0..count {
        if running.len() == AT_A_TIME {
            let ended = running.join_next().await.expect("one runs");
            ended.expect("none was lost");
        }
        running.spawn(end_one(end));
    }
    running.join_all().await;
}

/// Ends a plugin that is under load, and checks what became of its calls and what it left.
async fn end_one(end: End) {
    let folder = TempDir::new().expect("a folder");
    let (temporary, ledger) = (folder.path().join("tmp"), folder.path().join("ledger"));
    std::fs::create_dir(&temporary).expect("a folder");
    let plugin = launch(end, &temporary, &ledger).await;
    let connection = Connection::open(plugin.socket()).await;
    let connection = Arc::new(connection.expect("a connection"));
    let load = Load::on(&connection);
    soon("the load", load.is_on()).await;

    match end {
        End::Shutdown => {
            let answer = soon("the answer", connection.call(SHUTDOWN, &())).await;
            let () = answer.expect("the host is answered");
            connection.hang_up();
            let exit = plugin.wait(PATIENCE).await.expect("it can be waited for");
            assert!(exit.is_clean(), "{exit:?}");
        }
        End::Signal(of) => {
            signal(plugin.process_id(), of);
            let exit = plugin.wait(PATIENCE).await.expect("it can be waited for");
            assert!(exit.is_clean(), "{exit:?}");
        }
        End::HostDeath => {
            // Its streams end when the plugin, which has them from it, is gone as well.
            let gone = timeout(ORPHANED, plugin.kill()).await;
            let exit = gone.expect("no orphan").expect("it can be waited for");
            assert!(!exit.streams_held_open, "{exit:?}");
        }
    }
    assert_empty(&temporary);
    let outcomes = soon("every caller", load.outcomes()).await;
    let ledger = Ledger::read(&ledger);
    let lost = outcomes.lost(&ledger);
    assert!(lost.is_empty(), "{end:?} lost {lost:#?}");
    assert_eq!(ledger.made, ledger.shut_down, "instances");
}

async fn launch(end: End, temporary: &Path, ledger: &Path) -> RunningPlugin {
    let binary = match end {
        // A shell between this process and the plugin is what the plugin takes for its host.
        End::HostDeath => SHELL,
        _ => LEDGER,
    };
    let host = Host::new(binary)
        .env("LAUNCH", format!("'{LEDGER}' & wait"))
        .env("TMPDIR", temporary)
        .config("path", ledger.to_str().expect("text"))
        .start_timeout(Duration::from_secs(60));
    host.launch().await.expect("the ledger launches")
}
