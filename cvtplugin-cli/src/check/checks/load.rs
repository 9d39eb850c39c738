//! Many calls at once, and calls without time.

use std::time::{Duration, Instant};

use cvtplugin::Code;
use tokio::task::JoinSet;

use crate::check::calls::{Answer, Caller};
use crate::check::lab::{Lab, Run};
use crate::check::messages;
use crate::check::outcome::{Complaint, Outcome};
use crate::services::path;

/// How many calls are made at once.
const CALLS: usize = 64;

/// How many calls are under way when the plugin is asked to end.
const CALLS_AT_THE_END: usize = 16;

/// Calls made at once are all answered.
pub(in crate::check) async fn concurrency(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let answers = at_once(CALLS, &caller, &path(rpc), &messages::likely(rpc)).join_all();
    let answers = answers.await;
    caller.must_still_serve("many calls at once").await?;
    let unanswered = answers.iter().filter(|answer| !answer.is_from_plugin());
    match unanswered.count() {
        0 => Ok(format!("{CALLS} {} at once, all answered", rpc.name())),
        n => Err(Complaint::fails(
            format!("of {CALLS} {} at once {n} are never answered", rpc.name()),
            "answer calls concurrently: look for locks that are held while something is awaited",
        )),
    }
}

/// How long after its deadline an answer is still that of a plugin that is quick, and not that of
/// one that does not care.
const TOLERANCE: Duration = Duration::from_millis(500);

/// A call whose time is over ends.
pub(in crate::check) async fn deadline(run: &Run) -> Outcome {
    let rpc = run.served().await?;
    let caller = run.caller();
    let limit = Duration::from_millis(1);
    let start = Instant::now();
    let answer = caller
        .call_within(limit, &path(rpc), messages::likely(rpc))
        .await;
    let time = start.elapsed();
    let advice = "give up a call when its deadline is over or the host cancels it";
    let given_up = [Some(Code::DeadlineExceeded), Some(Code::Cancelled)];
    let what = format!("{} with 1 ms to answer", rpc.name());
    match answer {
        Answer::None => Err(Complaint::fails(format!("{what} never ends"), advice)),
        answer if time > TOLERANCE && !given_up.contains(&answer.code()) => Err(Complaint::lacks(
            format!("{what}: {answer} after {time:.1?}"),
            advice,
        )),
        answer => Ok(format!("{what}: {answer}")),
    }
}

/// Calls under way are answered before the end.
pub(in crate::check) async fn in_flight(lab: &Lab) -> Outcome {
    lab.has_to_launch()?;
    lab.has_to_end()?;
    let run = lab.launch().await?;
    let rpc = run.served().await?;
    let (path, message) = (path(rpc), messages::likely(rpc));
    let usual = run.caller().call(&path, message.clone()).await;
    let calls = at_once(CALLS_AT_THE_END, &run.caller(), &path, &message);
    // Each has its turn, and sends its request before the host asks the plugin to end.
    tokio::task::yield_now().await;
    lab.shut_down(run).await?;
    let answers = calls.join_all().await;
    let cut_off = answers.iter().filter(|answer| !answer.is_like(&usual));
    match cut_off.count() {
        0 => Ok(format!("{CALLS_AT_THE_END} calls, all answered")),
        n => Err(Complaint::lacks(
            format!("of {CALLS_AT_THE_END} calls {n} are cut off by Shutdown"),
            "answer Shutdown last: the host closes the connection once it is answered",
        )),
    }
}

fn at_once(n: usize, caller: &Caller, path: &str, message: &bytes::Bytes) -> JoinSet<Answer> {
    let mut calls = JoinSet::new();
    for _ in 0..n {
        let (caller, path, message) = (caller.clone(), path.to_owned(), message.clone());
        calls.spawn(async move { caller.call(&path, message).await });
    }
    calls
}
