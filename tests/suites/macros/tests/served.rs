//! Plugins made by the macro, launched and driven.

use cvtplugin::host::{Host, LaunchError, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};

fn host_of(shape: &str) -> Host {
    Host::new(env!("CARGO_BIN_EXE_cvt-plugin-shape")).env("SHAPE", shape)
}

async fn launched(host: Host) -> RunningPlugin {
    host.launch().await.expect("the plugin starts")
}

async fn end(plugin: RunningPlugin) {
    let exit = plugin.shutdown().await.expect("the plugin ends");
    assert!(exit.is_clean(), "{exit:?}");
}

/// The code that a call failed with; `None` for a response.
fn code<T>(response: Result<T>) -> Option<Code> {
    response.err().map(|error| error.code())
}

#[tokio::test]
async fn acknowledgements_of_every_form() {
    let plugin = launched(host_of("acknowledgements")).await;
    assert_eq!(
        plugin.info().services,
        [SERVICE_REGISTRY_V1, SERVICE_EVENTS_V1]
    );

    let schema = plugin
        .fetch_schema(FetchSchemaRequest::new("{}"))
        .await
        .expect("a schema");
    assert_eq!(schema.spec, "{}");
    let offline = plugin.fetch_schema(FetchSchemaRequest::new("")).await;
    assert_eq!(code(offline), Some(Code::Unavailable));

    let usage = plugin
        .register_consumer_usage(RegisterConsumerUsageRequest::default())
        .await;
    assert!(usage.expect("an acknowledgement").acknowledged);
    let event = plugin
        .on_validation_failed(ValidationFailedRequest::default())
        .await;
    assert!(event.expect("an acknowledgement").acknowledged);

    let event = plugin
        .on_breaking_change_detected(BreakingChangeDetectedRequest::default())
        .await;
    let error = event.expect_err("it says no");
    assert_eq!((error.code(), error.message()), (Code::Unknown, "no"));
    end(plugin).await;
}

#[tokio::test]
async fn methods_of_the_plugin_come_before_those_of_a_trait() {
    let plugin = launched(host_of("cached")).await;
    let schema = plugin.fetch_schema(FetchSchemaRequest::new("any")).await;
    assert_eq!(schema.expect("a schema").spec, "{}");
    let usage = plugin
        .register_consumer_usage(RegisterConsumerUsageRequest::default())
        .await;
    assert_eq!(code(usage), None);
    end(plugin).await;
}

/// Checks that usages and events are opted out of.
async fn serves_no_more(plugin: &RunningPlugin) {
    let usage = RegisterConsumerUsageRequest::default();
    let usage = plugin.register_consumer_usage(usage).await;
    assert_eq!(code(usage), Some(Code::Unimplemented));
    let event = ValidationFailedRequest::default();
    let event = plugin.on_validation_failed(event).await;
    assert_eq!(code(event), Some(Code::Unimplemented));
}

#[tokio::test]
async fn opted_out_rpcs_are_unimplemented() {
    let plugin = launched(host_of("spelled")).await;
    assert_eq!(plugin.info().services, [SERVICE_REGISTRY_V1]);
    assert_eq!(
        code(plugin.fetch_schema(FetchSchemaRequest::new("any")).await),
        None
    );
    serves_no_more(&plugin).await;
    end(plugin).await;
}

#[tokio::test]
async fn configured_away_rpcs_are_unimplemented() {
    let plugin = launched(host_of("twins")).await;
    assert_eq!(plugin.info().services, [SERVICE_REGISTRY_V1]);
    let schema = plugin.fetch_schema(FetchSchemaRequest::new("any")).await;
    assert_eq!(schema.expect("a schema").spec, "the first");
    serves_no_more(&plugin).await;
    end(plugin).await;
}

#[tokio::test]
async fn plain_method_delays_no_other_call() {
    let plugin = launched(host_of("blocker")).await;
    let change = BreakingChangeDetectedRequest::default();
    let mut blocked = Box::pin(plugin.on_breaking_change_detected(change));
    tokio::select! {
        biased;
        _ = &mut blocked => panic!("the blocked call came first"),
        other = plugin.on_validation_failed(ValidationFailedRequest::default()) => {
            assert_eq!(code(other), None);
        }
    }
    assert_eq!(code(blocked.await), None);
    end(plugin).await;
}

#[tokio::test]
async fn hooks_are_called() {
    let plugin = launched(host_of("hooked").config("key", "value")).await;
    assert_eq!(plugin.health().await.ok(), Some(Health::NotServing));
    end(plugin).await;
}

#[tokio::test]
async fn constructor_that_fails_says_why() {
    let error = host_of("unmade").launch().await.expect_err("it says no");
    let LaunchError::Info(error) = error else {
        panic!("it is {error:?}");
    };
    assert_eq!((error.code(), error.message()), (Code::Unknown, "no"));
}

#[tokio::test]
async fn hostile_names_around_a_plugin_are_fine() {
    let plugin = launched(Host::new(env!("CARGO_BIN_EXE_cvt-plugin-hostile"))).await;
    assert_eq!(plugin.info().name, "hostile");
    let schema = plugin.fetch_schema(FetchSchemaRequest::new("any")).await;
    assert_eq!(code(schema), Some(Code::NotFound));
    assert_eq!(plugin.health().await.ok(), Some(Health::Serving));
    end(plugin).await;
}
