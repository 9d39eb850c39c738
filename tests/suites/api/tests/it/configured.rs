//! A server without the macro whose instance is rebuilt when its config changes.

use std::sync::Arc;

use cvtplugin::prelude::*;
use cvtplugin::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use cvtplugin::testing::{Harness, TestPlugin};
use cvtplugin::{ConfiguredServer, EventHandler, PluginInfo, RegistryProvider, Server};

#[derive(PluginConfig)]
struct ShelfConfig {
    /// What every schema looks like.
    #[config(example = "{}")]
    spec: String,
}

struct Shelf {
    spec: String,
}

struct Registry(Arc<Shelf>);

impl RegistryProvider for Registry {
    async fn fetch_schema(&self, _: Context, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(self.0.spec.clone()))
    }

    async fn register_consumer_usage(
        &self,
        _: Context,
        _: RegisterConsumerUsageRequest,
    ) -> Result<RegisterConsumerUsageResponse> {
        Ok(RegisterConsumerUsageResponse::new(true))
    }
}

struct Events(Arc<Shelf>);

impl EventHandler for Events {
    async fn on_validation_failed(
        &self,
        _: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        tracing::info!(spec = self.0.spec, "validation failed");
        Ok(EventResponse::new(true))
    }
}

fn shelf() -> ConfiguredServer<ShelfConfig, Shelf> {
    let info = PluginInfo::new("shelf", "0.1.0");
    Server::configured(info, |config: ShelfConfig, tasks: Tasks| async move {
        if config.spec == "broken" {
            return Err(Error::unavailable("the shelf is broken"));
        }
        let (stopping, spec) = (tasks.stopping(), config.spec.clone());
        tasks.spawn("poller", async move {
            stopping.await;
            tracing::info!(spec, "stopped");
        });
        Ok(Shelf { spec: config.spec })
    })
}

async fn started(server: Server) -> TestPlugin {
    let shelf = Harness::server(server).start().await;
    shelf.expect("it starts")
}

async fn spec(shelf: &TestPlugin) -> Result<String> {
    let request = FetchSchemaRequest::new("petstore");
    let response = shelf.fetch_schema(request).await?;
    Ok(String::from_utf8_lossy(&response.spec).into_owned())
}

#[tokio::test]
async fn registered_services_are_those_declared() {
    let events = started(shelf().events(Events).build()).await;
    assert_eq!(events.info().services, [SERVICE_EVENTS_V1]);
    let error = spec(&events).await.expect_err("it is not served");
    assert_eq!(error.code(), Code::Unimplemented);

    let both = shelf().registry(Registry).events(Events).build();
    let both = started(both).await;
    let services = [SERVICE_REGISTRY_V1, SERVICE_EVENTS_V1];
    assert_eq!(both.info().services, services);
    assert_eq!(both.info().name, "shelf");
}

#[tokio::test]
async fn instance_is_rebuilt_when_its_config_changes() {
    let shelf = shelf()
        .registry(Registry)
        .events(Events)
        .shutdown(|shelf| async move { tracing::info!(spec = shelf.spec, "shut down") });
    let shelf = started(shelf.build()).await;
    let error = spec(&shelf).await.expect_err("the spec is missing");
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(error.message().contains("`spec`"), "{error}");

    shelf.set_config("spec", "a").await.expect("accepted");
    assert_eq!(spec(&shelf).await.expect("a schema"), "a");
    shelf.set_config("spec", "b").await.expect("accepted");
    assert_eq!(spec(&shelf).await.expect("a schema"), "b");

    let event = ValidationFailedRequest::default();
    shelf.on_validation_failed(event).await.expect("a response");
    let captured = shelf.captured().clone();
    for (message, spec) in [
        ("validation failed", "b"),
        ("stopped", "a"),
        ("shut down", "a"),
    ] {
        let record = captured.log(|record| record.message == message).await;
        assert_eq!(record.fields["spec"], spec, "{message}");
    }
    shelf.shutdown().await;
    let last = captured.log(|it| it.message == "shut down" && it.fields["spec"] == "b");
    last.await;
}

#[tokio::test]
async fn failed_build_is_the_error_of_the_call_and_repeated_by_the_next() {
    let shelf = started(shelf().registry(Registry).build()).await;
    shelf.set_config("spec", "broken").await.expect("accepted");
    for _ in 0..2 {
        let error = spec(&shelf).await.expect_err("it is broken");
        assert_eq!(error.message(), "the shelf is broken");
    }
    // Its task has been stopped, with none of the calls' help.
    shelf.set_config("spec", "a").await.expect("accepted");
    assert_eq!(spec(&shelf).await.expect("a schema"), "a");
}

#[tokio::test]
async fn health_is_asked_of_the_instance() {
    let unwell = shelf()
        .registry(Registry)
        .health(|shelf| async move {
            match shelf.spec.as_str() {
                "well" => Health::Serving,
                _ => Health::NotServing,
            }
        })
        .build();
    let shelf = started(unwell).await;
    assert_eq!(shelf.health().await.expect("a response"), Health::Serving);
    shelf.set_config("spec", "unwell").await.expect("accepted");
    spec(&shelf).await.expect("a schema");
    assert_eq!(
        shelf.health().await.expect("a response"),
        Health::NotServing
    );
}

#[tokio::test]
async fn instance_without_config_is_built_at_the_start() {
    let info = PluginInfo::new("shelf", "0.1.0");
    let server = Server::configured(info, |(), _| async {
        Err::<(), _>(Error::failed_precondition("no room for a shelf"))
    });
    let server = server.events(|_| Nothing).build();
    let error = Harness::server(server).start().await.expect_err("no room");
    assert_eq!(error.to_string(), "handshake Info: no room for a shelf");
}

struct Nothing;

impl EventHandler for Nothing {}
