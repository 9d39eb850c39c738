//! Many calls at once, and calls without time.

use std::time::{Duration, Instant};

use cvtplugin::Code;
use tokio::task::JoinSet;

use crate::check::calls::{Caller, Response};
use crate::check::context::{CheckContext, Run};
use crate::check::messages;
use crate::check::outcome::{Finding, Outcome};
use crate::services::path;

/// How many calls are made at once.
const CALLS: usize = 64;

/// How many calls are in flight when the plugin is asked to end.
const CALLS_AT_THE_END: usize = 16;

/// Calls made at once all get a response.
pub(in crate::check) async fn concurrency(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let responses = at_once(CALLS, &caller, &path(rpc), &messages::likely(rpc)).join_all();
    let responses = responses.await;
    caller.must_still_serve("many calls at once").await?;
    let missing = responses
        .iter()
        .filter(|response| !response.is_from_plugin());
    match missing.count() {
        0 => Ok(format!(
            "{CALLS} {} at once, all with a response",
            rpc.name()
        )),
        n => Err(Finding::fail(
            format!("of {CALLS} {} at once {n} get no response", rpc.name()),
            "handle calls concurrently: look for locks that are held while something is awaited",
        )),
    }
}

/// How long after its deadline a response is still that of a plugin that is quick, and not that of
/// one that does not care.
const TOLERANCE: Duration = Duration::from_millis(500);

/// A call whose time is over ends.
pub(in crate::check) async fn deadline(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let limit = Duration::from_millis(1);
    let start = Instant::now();
    let response = caller
        .call_within(limit, &path(rpc), messages::likely(rpc))
        .await;
    let time = start.elapsed();
    let advice = "give up a call when its deadline is over or the host cancels it";
    let given_up = [Some(Code::DeadlineExceeded), Some(Code::Cancelled)];
    let what = format!("{} with a deadline of 1 ms", rpc.name());
    match response {
        Response::None => Err(Finding::fail(format!("{what} never ends"), advice)),
        response if time > TOLERANCE && !given_up.contains(&response.code()) => Err(Finding::warn(
            format!("{what}: {response} after {time:.1?}"),
            advice,
        )),
        response => Ok(format!("{what}: {response}")),
    }
}

/// Calls in flight get their response before the end.
pub(in crate::check) async fn in_flight(context: &CheckContext) -> Outcome {
    context.has_to_launch()?;
    context.has_to_end()?;
    let run = context.launch().await?;
    let rpc = run.served().await?;
    let (path, message) = (path(rpc), messages::likely(rpc));
    let usual = run.caller().call(&path, message.clone()).await;
    let calls = at_once(CALLS_AT_THE_END, &run.caller(), &path, &message);
    // Each has its turn, and sends its request before the host asks the plugin to end.
    tokio::task::yield_now().await;
    context.shut_down(run).await?;
    let responses = calls.join_all().await;
    let cut_off = responses
        .iter()
        .filter(|response| !response.is_like(&usual));
    match cut_off.count() {
        0 => Ok(format!("{CALLS_AT_THE_END} calls, all with a response")),
        n => Err(Finding::warn(
            format!("of {CALLS_AT_THE_END} calls {n} are cut off by Shutdown"),
            "respond to Shutdown last: the host closes the connection once it has the response",
        )),
    }
}

fn at_once(n: usize, caller: &Caller, path: &str, message: &bytes::Bytes) -> JoinSet<Response> {
    let mut calls = JoinSet::new();
    for _ in 0..n {
        let (caller, path, message) = (caller.clone(), path.to_owned(), message.clone());
        calls.spawn(async move { caller.call(&path, message).await });
    }
    calls
}
