//! `kill -9` in the middle of writing.

use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::mpsc;

use crate::registry::Registry;
use crate::usage::{reading, register};

const ROUNDS: usize = 50;

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn kill_loses_nothing_that_was_acknowledged() {
    let registry = Registry::new();
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        acknowledged.extend(write_and_kill(&registry, round).await);
        let rows = registry.json(&["consumers", "pets"]);
        let rows = rows.as_array().expect("a list");
        for (consumer, field) in &acknowledged {
            let row = rows.iter().find(|row| row["consumer"] == **consumer);
            let row = row.unwrap_or_else(|| panic!("round {round}: {consumer} is lost"));
            assert_eq!(row["endpoints"][0]["usedFields"][0], **field);
        }
    }
    assert!(
        acknowledged.len() > ROUNDS,
        "the plugin was killed while it wrote"
    );
}

/// Writes with four clients until the plugin is killed; returns what was acknowledged.
async fn write_and_kill(registry: &Registry, round: usize) -> Vec<(String, String)> {
    let plugin = Arc::new(registry.launch().await);
    let (progress, mut acknowledgements) = mpsc::unbounded_channel();
    for client in 0..4 {
        let (plugin, progress) = (plugin.clone(), progress.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let name = format!("consumer-{round}-{client}-{number}");
                let field = format!("field-{number}");
                if register(&plugin, reading(&name, &[&field])).await.is_err() {
                    break;
                }
                progress.send((name, field)).expect("the test goes on");
            }
        });
    }
    drop(progress);
    let mut acknowledged = Vec::new();
    while let Some(write) = acknowledgements.recv().await {
        acknowledged.push(write);
        // Another moment each round.
        if acknowledged.len() == 2 + round % 17 {
            let process = i32::try_from(plugin.process_id())
                .ok()
                .and_then(Pid::from_raw);
            kill_process(process.expect("an id"), Signal::KILL).expect("it is killed");
        }
    }
    acknowledged
}
