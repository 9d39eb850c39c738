//! The end that a host asks for.

use cvtplugin::host::Exit;

use crate::check::lab::Lab;
use crate::check::outcome::{Complaint, Outcome};

/// How the plugin ended when it was asked to.
pub(in crate::check) type Ending = Result<Exit, Complaint>;

/// Launches the plugin and asks it to end.
pub(in crate::check) async fn of(lab: &Lab) -> Ending {
    let run = lab.launch().await?;
    lab.shut_down(run).await
}

/// The plugin answers `Shutdown`, and ends within 2 s, successfully.
pub(in crate::check) fn shutdown(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Complaint::clone)?;
    let found = if exit.shutdown_timed_out {
        "Shutdown is not answered within 10 s; a host waits for as long as it takes".to_owned()
    } else if exit.killed {
        "still there 2 s after the answer, where hosts kill it".to_owned()
    } else if exit.status.success() {
        return Ok("answered, and exit code 0 within 2 s".to_owned());
    } else {
        format!("it ends with {}", exit.status)
    };
    Err(Complaint::fails(
        found,
        "at Shutdown end the streams of stdio and broker, answer, and exit with code 0; do not \
         wait for calls without a limit",
    ))
}

/// Nothing holds the plugin's stdout and stderr open after its end.
pub(in crate::check) fn streams(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Complaint::clone)?;
    if exit.streams_held_open {
        return Err(Complaint::fails(
            "something holds stdout or stderr open after the end, and the host waits for that",
            "let no child process inherit stdout and stderr, or end it with the plugin",
        ));
    }
    Ok("they end with it".to_owned())
}

/// The socket is removed.
pub(in crate::check) fn socket(ending: &Ending) -> Outcome {
    let exit = ending.as_ref().map_err(Complaint::clone)?;
    if exit.killed {
        return Err(Complaint::skipped("the plugin does not end when asked to"));
    }
    if exit.socket_left {
        return Err(Complaint::fails(
            "the socket's file is left behind",
            "remove the socket's file, and its folder, on every way out",
        ));
    }
    Ok("removed".to_owned())
}
