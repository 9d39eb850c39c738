//! Signals.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::check::calls::RESPONSE_TIMEOUT;
use crate::check::context::{CheckContext, Run};
use crate::check::outcome::{Finding, Outcome};

/// How long and how often a plugin is looked at after a signal that it has to survive.
const LOOKS: (u32, Duration) = (10, Duration::from_millis(30));

/// SIGTERM ends the plugin, gracefully.
pub(in crate::check) async fn term(context: &CheckContext) -> Outcome {
    let run = context.launch().await?;
    send(run.process_id(), Signal::SIGTERM)?;
    let exit = context.ended(run.plugin.wait(RESPONSE_TIMEOUT).await)?;
    if exit.killed {
        return Err(Finding::fail(
            format!("still there {} s after SIGTERM", RESPONSE_TIMEOUT.as_secs()),
            "at SIGTERM end the streams of stdio and broker and exit: supervisors send it before they \
             kill",
        ));
    }
    let left = if exit.socket_left {
        ", its socket left behind"
    } else {
        ""
    };
    if exit.status.success() && !exit.socket_left {
        return Ok("exit code 0, the socket removed".to_owned());
    }
    Err(Finding::warn(
        format!("it ends with {}{left}", exit.status),
        "at SIGTERM finish the calls in flight, remove the socket, and exit with code 0",
    ))
}

/// SIGINT, which Ctrl-C sends to host and plugin alike, is the host's to act on.
pub(in crate::check) async fn int(run: &Run) -> Outcome {
    send(run.process_id(), Signal::SIGINT)?;
    let (looks, pause) = LOOKS;
    for _ in 0..looks {
        let serves = run.caller().still_serves("SIGINT").await;
        serves.map_err(|found| {
            let advice = "ignore SIGINT: Ctrl-C sends it to the plugin too, and the host then \
                          shuts the plugin down";
            Finding::fail(found, advice)
        })?;
        tokio::time::sleep(pause).await;
    }
    Ok("it serves on".to_owned())
}

fn send(process_id: u32, signal: Signal) -> Result<(), Finding> {
    let unseen = |why: &str| Finding::skip(format!("it cannot be signalled: {why}"));
    let process = process_id.try_into().map(Pid::from_raw);
    let process = process.map_err(|_| unseen("its process id is out of range"))?;
    kill(process, signal).map_err(|error| unseen(error.desc()))
}
