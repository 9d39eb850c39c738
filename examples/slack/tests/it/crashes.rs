//! `kill -9` while alerts go out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use cvtplugin::host::RunningPlugin;
use cvtplugin_http::testing::HttpServer;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::plugin::{accepting, send, slack, texts};

const CRASHES: usize = 50;
const ALERTS: usize = 8;

fn schema(round: usize, number: usize) -> String {
    format!("s-{round}-{number}")
}

/// Kills the plugin when Slack has got some more alerts. Returns those that were acknowledged.
async fn crash(plugin: RunningPlugin, server: &HttpServer, round: usize) -> Vec<String> {
    let plugin = Arc::new(plugin);
    let before = server.received().len();
    let mut calls = JoinSet::new();
    for number in 0..ALERTS {
        let (plugin, schema) = (plugin.clone(), schema(round, number));
        calls.spawn(async move { send(&plugin, &schema).await.is_ok().then_some(schema) });
    }
    server.wait_for(before + round % ALERTS).await;
    let pid = i32::try_from(plugin.process_id()).expect("a process id");
    let pid = rustix::process::Pid::from_raw(pid).expect("a process");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("killed");
    calls.join_all().await.into_iter().flatten().collect()
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn kept_alerts_survive_and_repeats_are_marked() {
    let directory = tempfile::tempdir().expect("a directory");
    let outbox = directory.path().join("outbox");
    let outbox = outbox.to_str().expect("text");
    let server = accepting().await;
    let mut acknowledged = Vec::new();
    for round in 0..CRASHES {
        let host = slack(&server).config("outbox", outbox);
        let plugin = host.launch().await.expect("launched");
        acknowledged.extend(crash(plugin, &server, round).await);
    }
    let in_outbox = std::fs::read_to_string(outbox).expect("a file");
    let host = slack(&server).config("outbox", outbox);
    let plugin = host.launch().await.expect("launched");
    let sent = timeout(Duration::from_secs(20), async {
        while !std::fs::read(outbox).expect("a file").is_empty() {
            tokio::task::yield_now().await;
        }
    });
    sent.await.expect("all is sent in time");
    assert!(plugin.shutdown().await.expect("an exit").is_clean());

    let mut posts: HashMap<String, (usize, usize)> = HashMap::new();
    for text in texts(&server) {
        let schema = text.split('`').nth(1).expect("a schema").to_owned();
        let (plain, marked) = posts.entry(schema).or_default();
        let is_marked = text.ends_with("_This may be a repeat._");
        *if is_marked { marked } else { plain } += 1;
    }
    for schema in &acknowledged {
        assert!(posts.contains_key(schema), "{schema} is lost");
    }
    for round in 0..CRASHES {
        for number in 0..ALERTS {
            let schema = schema(round, number);
            let was_kept = in_outbox.contains(&format!("{schema}\\\""));
            assert!(!was_kept || posts.contains_key(&schema), "{schema} is lost");
        }
    }
    let marked: usize = posts.values().map(|(_, marked)| marked).sum();
    assert!(marked <= CRASHES, "{marked} possible repeats");
    let doubled = posts.iter().find(|(_, (plain, _))| *plain > 1);
    assert_eq!(doubled, None, "a repeat without a mark");
    assert!(acknowledged.len() >= CRASHES, "{}", acknowledged.len());
}
