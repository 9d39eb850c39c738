//! The plugin, started without a host.

use cvtplugin::host::{Host, LaunchError};
use cvtplugin::protocol::MAGIC_COOKIE_KEY;

use crate::check::context::CheckContext;
use crate::check::outcome::{Finding, Outcome};

/// Without the cookie's right value the plugin explains itself on stderr and ends with exit code 1.
pub(in crate::check) async fn check(context: &CheckContext) -> Outcome {
    // Its output is not a log then.
    let host = || context.target().host().on_log(drop);
    ends(host().env_remove(MAGIC_COOKIE_KEY)).await?;
    let ends = ends(host().env(MAGIC_COOKIE_KEY, "a wrong value")).await;
    ends.map_err(|finding| Finding {
        found: format!("with a wrong value of the cookie: {}", finding.found),
        ..finding
    })
}

async fn ends(host: Host) -> Outcome {
    let launched = host.launch().await;
    let (status, stdout, stderr) = match launched {
        Err(LaunchError::Exited {
            status,
            stdout,
            stderr,
        }) => (status, stdout, stderr),
        Err(error @ LaunchError::Spawn { .. }) => {
            return Err(Finding::skip(error.to_string()));
        }
        Err(LaunchError::BadHandshake { line, .. }) if line.is_empty() => {
            return Err(finding("it closes stdout and does not end"));
        }
        Err(LaunchError::BadHandshake { line, .. }) => return Err(on_stdout(&line)),
        Err(LaunchError::NoHandshake { .. }) => return Err(finding("it does not end")),
        _ => return Err(finding("it serves all the same")),
    };
    if !stdout.is_empty() {
        return Err(on_stdout(&stdout));
    }
    if status.code() != Some(1) {
        return Err(finding(format!("it ends with {status}, not exit code 1")));
    }
    if stderr.trim().is_empty() {
        return Err(finding("it exits without a message on stderr"));
    }
    Ok("exit code 1, and why on stderr".to_owned())
}

fn on_stdout(text: &str) -> Finding {
    finding(format!("it prints to stdout: {:?}", text.trim_end()))
}

fn finding(found: impl Into<String>) -> Finding {
    let advice = format!(
        "unless {MAGIC_COOKIE_KEY} has its value, say on stderr that this is a plugin for CVT and \
         how to install it, print nothing to stdout, and exit with code 1"
    );
    Finding::fail(found, advice)
}
