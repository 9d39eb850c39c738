//! The end that a host asks for.

use cvtplugin::host::Exit;

use crate::check::context::CheckContext;
use crate::check::outcome::{Finding, Outcome};

/// How the plugin ended when it was asked to.
pub(in crate::check) type Ending = Result<Exit, Finding>;

/// Launches the plugin and asks it to end.
pub(in crate::check) async fn of(context: &CheckContext) -> Ending {
    let run = context.launch().await?;
    context.shut_down(run).await
}

/// The plugin responds to `Shutdown`, and ends within 2 s, successfully.
pub(in crate::check) fn shutdown(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Finding::clone)?;
    let found = if exit.shutdown_timed_out {
        "no response to Shutdown within 10 s; a host waits for as long as it takes".to_owned()
    } else if exit.killed {
        "still there 2 s after the response, where hosts kill it".to_owned()
    } else if exit.status.success() {
        return Ok("a response, and exit code 0 within 2 s".to_owned());
    } else {
        format!("it ends with {}", exit.status)
    };
    Err(Finding::fail(
        found,
        "at Shutdown end the streams of stdio and broker, respond, and exit with code 0; do not \
         wait for calls without a limit",
    ))
}

/// Nothing holds the plugin's stdout and stderr open after its end.
pub(in crate::check) fn streams(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Finding::clone)?;
    if exit.streams_held_open {
        return Err(Finding::fail(
            "something holds stdout or stderr open after the end, and the host waits for that",
            "let no child process inherit stdout and stderr, or end it with the plugin",
        ));
    }
    Ok("they end with it".to_owned())
}

/// The socket is removed.
pub(in crate::check) fn socket(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Finding::clone)?;
    if exit.killed {
        return Err(Finding::skip("the plugin does not end when asked to"));
    }
    if exit.socket_left {
        return Err(Finding::fail(
            "the socket's file is left behind",
            "remove the socket's file, and its directory, on every way out",
        ));
    }
    Ok("removed".to_owned())
}
