//! The plugin, started by somebody who is no host.

use cvtplugin::MAGIC_COOKIE_KEY;
use cvtplugin::host::LaunchError;

use crate::check::lab::Lab;
use crate::check::outcome::{Complaint, Outcome};

/// Without the cookie the plugin explains itself on stderr and ends with exit code 1.
pub(in crate::check) async fn check(lab: &Lab) -> Outcome {
    // What it says then is no log.
    let host = lab.subject().host().on_log(drop);
    let launched = host.env_remove(MAGIC_COOKIE_KEY).launch().await;
    let (status, stdout, stderr) = match launched {
        Err(LaunchError::Exited {
            status,
            stdout,
            stderr,
        }) => (status, stdout, stderr),
        Err(error @ LaunchError::Spawn { .. }) => {
            return Err(Complaint::skipped(error.to_string()));
        }
        Err(LaunchError::BadHandshake { line, .. }) => return Err(on_stdout(&line)),
        Err(LaunchError::NoHandshake { .. }) => return Err(complaint("it does not end")),
        _ => return Err(complaint("it serves all the same")),
    };
    if !stdout.is_empty() {
        return Err(on_stdout(&stdout));
    }
    if status.code() != Some(1) {
        return Err(complaint(format!("it ends with {status}, not exit code 1")));
    }
    if stderr.trim().is_empty() {
        return Err(complaint("it ends without a word on stderr"));
    }
    Ok("exit code 1, and why on stderr".to_owned())
}

fn on_stdout(text: &str) -> Complaint {
    complaint(format!("it prints to stdout: {:?}", text.trim_end()))
}

fn complaint(found: impl Into<String>) -> Complaint {
    let advice = format!(
        "unless {MAGIC_COOKIE_KEY} has its value, say on stderr that this is a plugin for CVT and \
         how to install it, print nothing to stdout, and exit with code 1"
    );
    Complaint::fails(found, advice)
}
