//! What came of it.

use std::collections::BTreeMap;
use std::time::Instant;

use cvtplugin::Code;
use cvtplugin::host::Exit;

use crate::calls::{Call, Outcome};
use crate::leaks::Leaks;
use crate::ledger::Ledger;
use crate::process::Usage;

/// By then everything has been used once, and memory should have found its size.
pub(crate) const WARM: u64 = 10_000;

/// How many losses of a kind are described.
const SHOWN: u64 = 20;

/// How much of its memory when warm the plugin may use at the end, in percent.
const MOST_MEMORY: u64 = 110;

/// How many more descriptors and threads it may have: connections that it is about to close, and
/// threads that stand in for those that were blocked just now.
const MOST_MORE: u64 = 8;

/// How often something happened, and how often it was not what it should be.
#[derive(Default)]
struct Count {
    all: u64,
    lost: u64,
}

pub(crate) struct Report {
    start: Instant,
    calls: BTreeMap<Call, Count>,
    /// By the number of their code, which has an order.
    errors: BTreeMap<i32, Count>,
    /// What the plugin used after so many calls.
    usage: Vec<(u64, Usage)>,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!(
            "{:>10} {:>9} {:>10} {:>5} {:>8}",
            "calls", "calls/s", "RSS (KiB)", "fds", "threads"
        );
        Self {
            start: Instant::now(),
            calls: BTreeMap::new(),
            errors: BTreeMap::new(),
            usage: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: Outcome) {
        let Outcome {
            call,
            code,
            problem,
        } = outcome;
        let lost = u64::from(problem.is_some());
        let of_call = self.calls.entry(call).or_default();
        of_call.add(lost);
        if let Some(problem) = problem.filter(|_| of_call.lost <= SHOWN) {
            println!("lost: {call:?}: {problem}");
        }
        if let Some(code) = code {
            self.errors.entry(code.into()).or_default().add(lost);
        }
    }

    pub(crate) fn look(&mut self, calls: u64, usage: Usage) {
        let seconds = self.start.elapsed().as_secs().max(1);
        println!(
            "{calls:>10} {:>9} {:>10} {:>5} {:>8}",
            calls / seconds,
            usage.memory,
            usage.descriptors,
            usage.threads
        );
        self.usage.push((calls, usage));
    }

    /// Says what came of it, and whether that is well.
    pub(crate) fn conclude(&self, exit: &Exit, ledger: &Ledger) -> bool {
        println!("\n{:>18} {:>10} {:>6}", "call", "made", "lost");
        for (call, count) in &self.calls {
            count.print(&format!("{call:?}"));
        }
        println!("\n{:>18} {:>10} {:>6}", "error", "all", "lost");
        for (number, count) in &self.errors {
            let code = Code::try_from(*number).ok();
            count.print(&code.map_or_else(String::new, |code| format!("{code:?}")));
        }
        println!(
            "\nledger: {} plugins ended, {} calls acknowledged, {} lost",
            ledger.plugins,
            ledger.acknowledged,
            ledger.lost.len()
        );
        for lost in ledger.lost.iter().take(20) {
            println!("lost: {lost}");
        }
        let lost: u64 = self.calls.values().map(|count| count.lost).sum();
        println!("lost: {lost}; the end: {}", exit.status);
        let none_lost = lost == 0 && ledger.lost.is_empty();
        none_lost & exit.is_clean() & self.has_not_grown()
    }

    fn has_not_grown(&self) -> bool {
        let warm = self.usage.iter().find(|(calls, _)| *calls >= WARM);
        let (Some((_, warm)), Some((_, last))) = (warm, self.usage.last()) else {
            println!("growth: too few calls to say, {WARM} at least");
            return true;
        };
        let memory = warm.memory * MOST_MEMORY / 100;
        let (descriptors, threads) = (warm.descriptors + MOST_MORE, warm.threads + MOST_MORE);
        within("RSS in KiB", warm.memory, last.memory, memory)
            & within(
                "descriptors",
                warm.descriptors,
                last.descriptors,
                descriptors,
            )
            & within("threads", warm.threads, last.threads, threads)
    }
}

impl Count {
    fn add(&mut self, lost: u64) {
        self.all += 1;
        self.lost += lost;
    }

    fn print(&self, what: &str) {
        println!("{what:>18} {:>10} {:>6}", self.all, self.lost);
    }
}

/// Says what came of the secrets, and whether that is well.
pub(crate) fn conclude_leaks(leaks: &Leaks) -> bool {
    println!(
        "secrets: {} calls with them, {} changes, {} times redacted, {} got out; the end: {}",
        leaks.calls,
        leaks.changes,
        leaks.redacted,
        leaks.lost.len(),
        leaks.exit.status
    );
    for lost in leaks.lost.iter().take(20) {
        println!("got out: {lost}");
    }
    leaks.lost.is_empty() & leaks.exit.is_clean()
}

fn within(what: &str, warm: u64, last: u64, most: u64) -> bool {
    let verdict = if last <= most { "" } else { ": TOO MUCH" };
    println!("{what}: {warm} when warm, {last} now, at most {most}{verdict}");
    last <= most
}
