//! A handler that blocks the only thread there is.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use cvtplugin::prelude::*;
use cvtplugin::testing::Harness;
use tokio::task::JoinSet;

/// Blocks in each event until it is told to go on.
struct Blocker {
    go_on: Mutex<Receiver<()>>,
}

#[cvt_plugin(name = "blocker", main = false, worker_threads = 1)]
impl Blocker {
    fn new() -> Result<Self> {
        Err(Error::failed_precondition("tests make it"))
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        tracing::info!(schema = event.schema_id, "blocking");
        let go_on = self.go_on.lock().unwrap_or_else(PoisonError::into_inner);
        go_on.recv().internal("the test has gone")
    }

    async fn shutdown(&self) {
        tracing::info!("shut down");
    }
}

fn blocker() -> (Sender<()>, Harness<Blocker>) {
    let (sender, receiver) = channel();
    let go_on = Mutex::new(receiver);
    (sender, Harness::instance(Blocker { go_on }))
}

#[tokio::test]
async fn blocked_handler_is_named_while_it_blocks() {
    let (go_on, harness) = blocker();
    let plugin = harness.start().await.expect("it starts");
    let blocked = plugin.on_validation_failed(ValidationFailedRequest::default());
    let named = async {
        let captured = plugin.captured();
        captured
            .log(|record| record.message.contains("OnValidationFailed blocks"))
            .await;
        go_on.send(()).expect("it listens");
    };
    let (response, ()) = tokio::join!(blocked, named);
    assert!(response.expect("a response").acknowledged);
}

#[tokio::test]
async fn shutdown_runs_while_handlers_block() {
    let (go_on, harness) = blocker();
    let plugin = harness.start().await.expect("it starts");
    let captured = plugin.captured().clone();
    tokio::select! {
        _ = plugin.on_validation_failed(ValidationFailedRequest::default()) => {
            panic!("nobody told it to go on");
        }
        _ = captured.log(|record| record.message == "blocking") => {}
    }
    plugin.shutdown().await;
    let shut_down = captured
        .logs()
        .iter()
        .any(|record| record.message == "shut down");
    assert!(shut_down, "{:#?}", captured.logs());
    drop(go_on);
}

#[tokio::test]
async fn calls_start_in_the_order_they_came() {
    const CALLS: usize = 20;
    let (go_on, harness) = blocker();
    let plugin = harness.start().await.expect("it starts");
    let mut calls = JoinSet::new();
    for call in 0..CALLS {
        go_on.send(()).expect("it listens");
        let (client, schema) = (plugin.client().clone(), call.to_string());
        let event = ValidationFailedRequest::new(schema, "GET", "/pets");
        calls.spawn(async move { client.on_validation_failed(event).await });
    }
    for response in calls.join_all().await {
        response.expect("a response");
    }
    let logs = plugin.captured().logs();
    let schemas = logs.iter().filter(|record| record.message == "blocking");
    let schemas: Vec<_> = schemas.map(|record| &record.fields["schema"]).collect();
    let sent: Vec<_> = (0..CALLS).map(|call| call.to_string()).collect();
    assert_eq!(schemas, sent.iter().collect::<Vec<_>>());
}
