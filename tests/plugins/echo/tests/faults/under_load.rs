//! The end of a plugin that is in the middle of calls: none of them is lost.

use tokio::task::JoinSet;

use crate::ledger::{CALLERS, LEDGER, Loaded};
use cvtplugin_testkit::http2::SHUTDOWN;
use cvtplugin_testkit::process::{Signal, assert_empty, is_gone, only_child, signal};
use cvtplugin_testkit::wait::TIMEOUT;
use cvtplugin_testkit::wait::{soon, until};

/// How many plugins are ended in each way, all of them at a time.
const ENDS: usize = 20;

/// How many times that is done where there is time.
const ROUNDS: usize = 10;

/// What ends a plugin.
#[derive(Clone, Copy, Debug)]
enum End {
    /// The host asks it to end, and hangs up as soon as it has the response.
    Shutdown,
    Signal(Signal),
    /// The host is killed.
    HostDeath,
}

#[tokio::test]
async fn shutdown_loses_no_call() {
    end_many(End::Shutdown).await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn shutdown_loses_no_call_200_times() {
    for _ in 0..ROUNDS {
        end_many(End::Shutdown).await;
    }
}

#[tokio::test]
async fn sigterm_loses_no_call() {
    end_many(End::Signal(Signal::TERM)).await;
}

#[tokio::test]
async fn sighup_loses_no_call() {
    end_many(End::Signal(Signal::HUP)).await;
}

#[tokio::test]
async fn host_death_loses_no_call_and_leaves_no_orphan() {
    end_many(End::HostDeath).await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn host_death_loses_no_call_and_leaves_no_orphan_200_times() {
    for _ in 0..ROUNDS {
        end_many(End::HostDeath).await;
    }
}

/// Each change makes a new instance of the plugin; the old one ends after its last call.
#[tokio::test]
async fn config_change_loses_no_call() {
    const CHANGES: usize = 50;
    let loaded = Loaded::launch().await;
    for n in 0..CHANGES {
        let pause = format!("{}ms", 1 + n % 7);
        let set = loaded.plugin.client().set_config("pause", pause).await;
        set.expect("it is taken");
        loaded.books.load_is_on().await;
    }
    let ledger = loaded.end().await;
    assert_eq!(ledger.made.len(), 1 + CHANGES);
}

/// Ends many plugins at a time.
async fn end_many(end: End) {
    let running: JoinSet<()> = (0..ENDS).map(|_| end_one(end)).collect();
    running.join_all().await;
}

/// Ends a plugin that is under load, and checks what became of its calls and what it left.
async fn end_one(end: End) {
    let script = match end {
        // A shell between this process and the plugin is what the plugin takes for its host.
        End::HostDeath => format!("'{LEDGER}' & wait"),
        // SIGHUP is ignored where the tests run under nohup.
        End::Shutdown | End::Signal(_) => format!("exec env --default-signal=HUP '{LEDGER}'"),
    };
    let Loaded {
        plugin,
        connection,
        books,
    } = Loaded::launch_by(&script, CALLERS).await;

    match end {
        End::Shutdown => {
            let response = soon("the response", connection.call(SHUTDOWN, &())).await;
            let () = response.expect("the host gets its response");
            connection.hang_up();
            let exit = plugin.wait(TIMEOUT).await.expect("it can be waited for");
            assert!(exit.is_clean(), "{exit:?}");
        }
        End::Signal(of) => {
            signal(plugin.process_id(), of);
            let exit = plugin.wait(TIMEOUT).await.expect("it can be waited for");
            assert!(exit.is_clean(), "{exit:?}");
        }
        End::HostDeath => {
            let ledger = only_child(plugin.process_id());
            signal(plugin.process_id(), Signal::KILL);
            until("the end", || is_gone(ledger)).await;
            // Before anybody tidies up after the shell.
            assert_empty(&books.temporary());
        }
    }
    assert_empty(&books.temporary());
    books.show_no_loss().await;
}
