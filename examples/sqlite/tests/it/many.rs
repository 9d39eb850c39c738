//! Many writers at once: in one plugin, and in eight processes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cvtplugin::host::RunningPlugin;
use cvtplugin::prelude::*;
use tokio::task::JoinSet;

use crate::registry::Registry;
use crate::usage::{reading, register};

const CONSUMERS: usize = 100;

/// The number of a write is in all that it writes.
fn write(number: usize) -> RegisterConsumerUsageRequest {
    let consumer = format!("consumer-{:02}", number % CONSUMERS);
    let fields = [format!("field-{number}"), format!("other-{number}")];
    let endpoint = EndpointUsage::new("GET", format!("/{number}")).used_fields(fields);
    reading(&consumer, &[])
        .schema_version(format!("1.0.{number}"))
        .endpoints([endpoint])
}

/// Checks that there is one row for each consumer, and that each is one write as a whole. Returns
/// the numbers of these.
fn check_rows(registry: &Registry) -> BTreeMap<String, usize> {
    let consumers = registry.json(&["consumers", "pets"]);
    let consumers = consumers.as_array().expect("a list");
    assert_eq!(consumers.len(), CONSUMERS);
    let numbers = consumers.iter().map(|row| {
        let name = row["consumer"].as_str().expect("a name").to_owned();
        let version = row["version"].as_str().expect("a version");
        let number = version.strip_prefix("1.0.").and_then(|it| it.parse().ok());
        let number: usize = number.expect("the number of a write");
        let usage = write(number);
        assert_eq!(name, usage.consumer_id);
        assert_eq!(row["endpoints"].as_array().map(Vec::len), Some(1), "{row}");
        assert_eq!(row["endpoints"][0]["path"], *usage.endpoints[0].path);
        let fields = serde_json::json!(usage.endpoints[0].used_fields);
        assert_eq!(row["endpoints"][0]["usedFields"], fields);
        (name, number)
    });
    numbers.collect()
}

async fn write_all(plugin: &Arc<RunningPlugin>, numbers: impl IntoIterator<Item = usize>) {
    let mut writes = JoinSet::new();
    for number in numbers {
        let plugin = plugin.clone();
        writes.spawn(async move { register(&plugin, write(number)).await });
    }
    while let Some(written) = writes.join_next().await {
        written.expect("no panic").expect("every write is taken");
    }
}

#[tokio::test]
async fn concurrent_upserts_leave_a_row_each_as_it_was_written_last() {
    let registry = Registry::new();
    let plugin = Arc::new(registry.launch().await);
    // All at once: which of a consumer's ten comes last is open.
    write_all(&plugin, 0..1_000).await;
    check_rows(&registry);
    // Then one for each, which is the last beyond doubt.
    write_all(&plugin, 1_000..1_000 + CONSUMERS).await;
    let numbers: BTreeSet<_> = check_rows(&registry).into_values().collect();
    assert_eq!(numbers, (1_000..1_000 + CONSUMERS).collect());
}

#[tokio::test]
async fn eight_processes_share_a_registry() {
    let registry = Registry::new();
    // All of them at once: the first ones race to create it.
    let mut launching = JoinSet::new();
    for _ in 0..8 {
        let host = registry.host();
        launching.spawn(async move {
            let plugin = host.launch().await.expect("the plugin launches");
            register(&plugin, write(0))
                .await
                .expect("the first write is taken");
            Arc::new(plugin)
        });
    }
    let plugins = launching.join_all().await;
    let mut writing = JoinSet::new();
    for (index, plugin) in plugins.iter().cloned().enumerate() {
        writing.spawn(async move {
            // One after the other, so that all eight take part all the time.
            for number in (0..CONSUMERS).map(|it| index * CONSUMERS + it) {
                register(&plugin, write(number))
                    .await
                    .expect("every write is taken");
            }
        });
    }
    writing.join_all().await;
    check_rows(&registry);
}
