//! What came of it.

use std::collections::BTreeMap;
use std::time::Instant;

use cvtplugin::host::Exit;

use crate::WARM;
use crate::calls::{Call, Outcome};
use crate::process::Usage;

/// How many losses are described.
const SHOWN: u64 = 20;

pub(crate) struct Report {
    start: Instant,
    made: BTreeMap<Call, u64>,
    lost: BTreeMap<Call, u64>,
    /// What the plugin used when it had answered so many calls.
    usage: Vec<(u64, Usage)>,
}

impl Report {
    pub(crate) fn new(idle: Usage) -> Self {
        println!(
            "{:>10} {:>9} {:>10} {:>5} {:>8}",
            "calls", "calls/s", "RSS (KiB)", "fds", "threads"
        );
        let mut report = Self {
            start: Instant::now(),
            made: BTreeMap::new(),
            lost: BTreeMap::new(),
            usage: Vec::new(),
        };
        report.look(0, idle);
        report
    }

    pub(crate) fn add(&mut self, (call, outcome): Outcome) {
        *self.made.entry(call).or_default() += 1;
        if let Err(problem) = outcome {
            let lost = self.lost.entry(call).or_default();
            *lost += 1;
            if *lost <= SHOWN {
                println!("lost: {call:?}: {problem}");
            }
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
    pub(crate) fn conclude(&self, exit: &Exit) -> bool {
        println!("\n{:>14} {:>10} {:>6}", "call", "made", "lost");
        for (call, made) in &self.made {
            let lost = self.lost.get(call).unwrap_or(&0);
            println!("{:>14} {made:>10} {lost:>6}", format!("{call:?}"));
        }
        let lost: u64 = self.lost.values().sum();
        println!("\nlost: {lost}; the end: {}", exit.status);
        lost == 0 && exit.is_clean() && self.memory_is_stable()
    }

    fn memory_is_stable(&self) -> bool {
        let warm = self.usage.iter().find(|(calls, _)| *calls >= WARM);
        let (Some((_, warm)), Some((_, last))) = (warm, self.usage.last()) else {
            println!("RSS: too few calls to say, {WARM} at least");
            return true;
        };
        let percent = last.memory * 100 / warm.memory;
        println!(
            "RSS: {} KiB when warm, {} KiB now: {percent}%",
            warm.memory, last.memory
        );
        percent <= 110
    }
}
