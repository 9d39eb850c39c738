//! What the harness adds to a test: `cargo bench -p cvtplugin-harness-tests`.

use std::time::{Duration, Instant};

use cvtplugin::prelude::*;
use cvtplugin::testing::Harness;
use cvtplugin_harness_tests::{Shelf, ShelfConfig};
use tokio::task::JoinSet;

const ROUNDS: usize = 200;
const AT_ONCE: usize = 100;

/// A whole test: start, one call, end.
async fn test() -> Duration {
    let start = Instant::now();
    let config = ShelfConfig {
        spec: "{}".to_owned(),
        times: 1,
        token: None,
    };
    let shelf = Harness::configured::<Shelf>(config).start().await;
    let shelf = shelf.expect("it starts");
    let schema = shelf.fetch_schema(FetchSchemaRequest::new("id")).await;
    schema.expect("a response");
    shelf.shutdown().await;
    start.elapsed()
}

#[tokio::main]
async fn main() {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(test().await);
    }
    times.sort();
    let (median, worst) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    println!("{ROUNDS} tests one by one: median {median:.2?}, longest {worst:.2?}");

    let start = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..AT_ONCE {
        running.spawn(test());
    }
    running.join_all().await;
    let all = start.elapsed();
    println!("{AT_ONCE} tests at once: {all:.2?} in all");
}
