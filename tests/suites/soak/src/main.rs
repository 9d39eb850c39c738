//! Millions of mixed calls on one echo plugin, faults among them, while another plugin is ended and
//! started again under load, and a third lets its secrets out while its log file takes nothing: what
//! was lost, what got out, and what it cost.
//!
//! ```sh
//! cargo build --release -p cvt-plugin-echo -p cvtplugin-soak-tests
//! target/release/cvtplugin-soak --calls 1000000
//! ```
//!
//! Fails if anything was lost: a call whose outcome is not the one that it should have, or one that
//! was acknowledged and is not in the ledger; or if a secret got out. Fails if a plugin that was not killed did not end as
//! it should. And fails if echo has grown since the ten thousandth call: its memory by more than a
//! tenth, its descriptors or threads by more than a few.

mod arguments;
mod calls;
mod connections;
#[path = "../../../../cvtplugin/src/redaction/disguises.rs"]
mod disguises;
mod leaks;
mod ledger;
mod process;
mod report;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cvtplugin::host::{Exit, Host};
use cvtplugin::prelude::*;
use tokio::task::JoinSet;

use arguments::Arguments;
use calls::Call;
use leaks::Leaks;
use ledger::Ledger;
use process::Usage;
use report::{Report, WARM};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("{error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match soak(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says whether all went well.
async fn soak(arguments: &Arguments) -> Result<bool, BoxError> {
    let stop = Arc::new(AtomicBool::new(false));
    let ledger = tokio::spawn(Ledger::keep(arguments.plugin("ledger"), stop.clone()));
    let leaks = tokio::spawn(Leaks::watch(arguments.plugin("leaky"), stop.clone()));
    let mut report = Report::new();
    let exit = call(arguments, &mut report).await;
    stop.store(true, Ordering::Relaxed);
    let ledger = ledger.await??;
    let leaks = leaks.await??;
    Ok(report.conclude(&exit?, &ledger) & report::conclude_leaks(&leaks))
}

/// Makes the calls in rounds, and looks at the plugin between them.
async fn call(arguments: &Arguments, report: &mut Report) -> Result<Exit, BoxError> {
    // The records of the panics that are asked for are left out.
    let host = Host::new(arguments.plugin("echo")).on_log(|_| {});
    let plugin = Arc::new(host.launch().await?);
    let process_id = plugin.process_id();
    report.look(0, Usage::of(process_id)?);
    let round = (arguments.calls / 20).max(1);
    let mut next_look = WARM.min(round);
    let mut callers = JoinSet::new();
    for number in 0..arguments.calls {
        if callers.len() == arguments.callers {
            report.add(callers.join_next().await.internal("a caller")??);
        }
        let plugin = plugin.clone();
        callers.spawn(async move { Call::number(number).make(&plugin).await });
        if number + 1 == next_look || number + 1 == arguments.calls {
            while let Some(outcome) = callers.join_next().await {
                report.add(outcome?);
            }
            report.look(number + 1, Usage::of(process_id)?);
            next_look = if next_look < round {
                round
            } else {
                next_look + round
            };
        }
    }
    let plugin = Arc::into_inner(plugin).internal("nobody calls any more")?;
    Ok(plugin.shutdown().await?)
}
