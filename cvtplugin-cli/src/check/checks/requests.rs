//! Requests that are malformed, odd, or too large.

use cvtplugin::Code;

use crate::check::context::Run;
use crate::check::messages;
use crate::check::outcome::{Finding, Outcome};
use crate::services::path;

const MEBIBYTE: usize = 1024 * 1024;

/// A malformed request does no harm.
pub(in crate::check) async fn malformed(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let response = caller.call(&path(rpc), messages::malformed()).await;
    let what = format!("a malformed {}", rpc.name());
    caller.must_still_serve(&what).await?;
    Ok(format!("response: {response}"))
}

/// A request that is odd does no harm, whatever the handler makes of it.
pub(in crate::check) async fn odd(run: &Run) -> Outcome {
    let caller = run.caller();
    for rpc in run.declared() {
        for (name, message) in messages::odd() {
            caller.call(&path(rpc), message).await;
            let what = format!("{} with {name}", rpc.name());
            let serves = caller.still_serves(&what).await;
            serves.map_err(|found| {
                let advice = "catch the panic of a handler, or check what it is given: one bad \
                              request costs all other callers their plugin";
                Finding::warn(found, advice)
            })?;
        }
    }
    Ok("all with a response, and it serves on".to_owned())
}

/// A request over 4 MiB is refused.
pub(in crate::check) async fn oversized(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let response = caller
        .call(&path(rpc), messages::of_size(5 * MEBIBYTE))
        .await;
    caller.must_still_serve("a request of 5 MiB").await?;
    if response.code() == Some(Code::ResourceExhausted) {
        return Ok("5 MiB are refused with ResourceExhausted".to_owned());
    }
    Err(Finding::warn(
        format!("a request of 5 MiB: {response}"),
        "refuse requests over 4 MiB with ResourceExhausted, as gRPC servers in Go do",
    ))
}
