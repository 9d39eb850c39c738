//! Launches a plugin as CVT does, calls all that it declares, and shuts it down:
//! `cargo run --features host --example host -- PLUGIN [KEY=VALUE ...]`.
//!
//! Built with the feature `auto-mtls` too, it takes `--auto-mtls` before PLUGIN.

use std::fmt::Debug;
use std::process::ExitCode;

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    #[cfg(feature = "auto-mtls")]
    let auto_mtls = arguments.next_if_eq("--auto-mtls").is_some();
    let Some(binary) = arguments.next() else {
        eprintln!("usage: host PLUGIN [KEY=VALUE ...]");
        return ExitCode::from(2);
    };
    let mut host = Host::new(binary).on_log(|record| {
        let fields = serde_json::Value::Object(record.fields);
        println!("   log: {} {} {fields}", record.level, record.message);
    });
    #[cfg(feature = "auto-mtls")]
    if auto_mtls {
        host = host.auto_mtls();
    }
    for setting in arguments {
        let (key, value) = setting.split_once('=').unwrap_or((&setting, ""));
        host = host.config(key, value);
    }
    match drive(host).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn drive(host: Host) -> Result<(), BoxError> {
    let plugin = host.launch().await?;
    let info = plugin.info().clone();
    println!(
        "Info: {} {} serves {:?}",
        info.name, info.version, info.services
    );
    show("Health", plugin.health().await);
    if info.services.iter().any(|name| name == SERVICE_REGISTRY_V1) {
        call_registry(&plugin).await;
    }
    if info.services.iter().any(|name| name == SERVICE_EVENTS_V1) {
        call_events(&plugin).await;
    }
    let exit = plugin.shutdown().await?;
    println!("Shutdown: {}", exit.status);
    if exit.is_clean() {
        Ok(())
    } else {
        Err(format!("the plugin did not end as it should: {exit:?}").into())
    }
}

async fn call_registry(plugin: &RunningPlugin) {
    let request = FetchSchemaRequest::new("petstore");
    let schema = plugin.fetch_schema(request).await;
    show(
        "FetchSchema",
        schema.map(|schema| Schema(schema.spec.len(), schema.resolved_version)),
    );
    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0")
        .endpoints([EndpointUsage::new("GET", "/pets/{id}").used_fields(["name"])]);
    show(
        "RegisterConsumerUsage",
        plugin.register_consumer_usage(usage).await,
    );
}

async fn call_events(plugin: &RunningPlugin) {
    let change = BreakingChange::new("ENDPOINT_REMOVED", "GET /pets is gone");
    let event = BreakingChangeDetectedRequest::new("petstore", "1.0.0", "2.0.0").changes([change]);
    show(
        "OnBreakingChangeDetected",
        plugin.on_breaking_change_detected(event).await,
    );
    let error = ValidationError::new("type", "id is not a number").field_path("id");
    let event = ValidationFailedRequest::new("petstore", "GET", "/pets/7").errors([error]);
    show(
        "OnValidationFailed",
        plugin.on_validation_failed(event).await,
    );
}

/// A schema's size in bytes and its version.
#[derive(Debug)]
#[expect(dead_code, reason = "shown by its Debug")]
struct Schema(usize, String);

fn show<T: Debug>(rpc: &str, response: Result<T>) {
    match response {
        Ok(response) => println!("{rpc}: {response:?}"),
        Err(error) => println!("{rpc}: {}: {error}", error.code()),
    }
}
