//! Consumers, as CVT registers them and people list them.

use cvtplugin::prelude::*;
use serde_json::json;

use crate::registry::Registry;
use crate::usage::{reading, register};

#[tokio::test]
async fn registering_again_replaces_what_a_consumer_used() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    let both = reading("web", &["id", "name"]);
    let other = EndpointUsage::new("post", "/pets");
    let both = both
        .clone()
        .endpoints(both.endpoints.into_iter().chain([other]));
    register(&plugin, both.environment("production"))
        .await
        .expect("it is taken");
    register(&plugin, reading("web", &["email"]))
        .await
        .expect("it is taken");
    let again = reading("web", &["email"])
        .environment("production")
        .schema_version("1.1.0");
    for _ in 0..2 {
        register(&plugin, again.clone()).await.expect("it is taken");
    }

    let mut consumers = registry.json(&["consumers", "pets"]);
    for consumer in consumers.as_array_mut().expect("a list") {
        consumer
            .as_object_mut()
            .expect("an object")
            .remove("registeredAt")
            .expect("a time");
    }
    let endpoints = json!([{ "method": "GET", "path": "/pets/{id}", "usedFields": ["email"] }]);
    let expected = json!([
        { "consumer": "web", "environment": "", "version": "1.0.0", "endpoints": endpoints },
        { "consumer": "web", "environment": "production", "version": "1.1.0", "endpoints": endpoints },
    ]);
    assert_eq!(consumers, expected);
    assert_eq!(registry.json(&["consumers", "dogs"]), json!([]));
}

#[tokio::test]
async fn endpoint_registered_twice_has_the_fields_of_both() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    let twice = |first: &[&str], second: &[&str]| {
        let endpoints = [first, second].map(|fields| reading("web", fields).endpoints.remove(0));
        reading("web", &[]).endpoints(endpoints)
    };
    register(&plugin, twice(&["a", "b"], &["b", "c"]))
        .await
        .expect("it is taken");
    let fields = || registry.json(&["consumers", "pets"])[0]["endpoints"][0]["usedFields"].take();
    assert_eq!(fields(), json!(["a", "b", "c"]));
    // Who declares no fields may read any.
    register(&plugin, twice(&["a"], &[]))
        .await
        .expect("it is taken");
    assert_eq!(fields(), json!([]));
}

#[tokio::test]
async fn readers_are_those_of_the_endpoint_and_the_field() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    for (consumer, fields) in [
        ("address", &["owner.address.city"][..]),
        ("names", &["name", "owner.name"]),
        ("owner", &["$.owner"]),
        ("unknown", &[]),
        ("visits", &["visits[].owner"]),
    ] {
        register(&plugin, reading(consumer, fields))
            .await
            .expect("it is taken");
    }
    let elsewhere = EndpointUsage::new("PUT", "/pets/{id}").used_fields(["owner"]);
    let elsewhere = reading("elsewhere", &[]).endpoints([elsewhere]);
    register(&plugin, elsewhere).await.expect("it is taken");

    let readers = |arguments: &[&str]| {
        let consumers = registry.json(&[&["readers", "pets"], arguments].concat());
        let consumers = consumers.as_array().expect("a list").iter();
        let names = consumers.map(|it| it["consumer"].as_str().expect("a name").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(
        readers(&["GET /pets/{petId}"]),
        ["address", "names", "owner", "unknown", "visits"]
    );
    assert_eq!(
        readers(&["get /pets/7", "--field", "owner.name"]),
        ["names", "owner", "unknown"]
    );
    assert_eq!(
        readers(&["GET /pets/7", "--field", "visits.owner"]),
        ["unknown", "visits"]
    );
    assert_eq!(readers(&["PUT /pets/{id}"]), ["elsewhere"]);
    assert_eq!(readers(&["GET /pets"]), [""; 0]);
}

#[tokio::test]
async fn missing_ids_are_invalid_arguments() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    for (usage, name) in [
        (reading("", &[]), "consumer_id"),
        (reading("web", &[]).schema_id(""), "schema_id"),
    ] {
        let error = register(&plugin, usage)
            .await
            .expect_err("an id is missing");
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.message().contains(name), "{error}");
    }
}

#[tokio::test]
async fn events_are_recorded_once_and_counted() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    let change = BreakingChange::new("endpoint_removed", "GET /pets removed")
        .method("GET")
        .path("/pets");
    let changes = BreakingChangeDetectedRequest::new("pets", "1.0.0", "2.0.0").changes([change]);
    let error = ValidationError::new("", "id is not a number");
    let failure = ValidationFailedRequest::new("schema", "GET", "/pets/7").errors([error]);
    for _ in 0..3 {
        plugin
            .on_breaking_change_detected(changes.clone())
            .await
            .expect("it is taken");
        plugin
            .on_validation_failed(failure.clone())
            .await
            .expect("it is taken");
    }
    let events = registry.json(&["events"]);
    let mut seen: Vec<_> = events.as_array().expect("a list").iter().collect();
    seen.sort_by_key(|it| it["event"].to_string());
    assert_eq!(seen.len(), 2, "{events}");
    assert_eq!(seen[0]["versions"], "1.0.0 to 2.0.0");
    assert_eq!(seen[0]["description"], "GET /pets removed");
    assert_eq!(seen[1]["description"], "id is not a number");
    assert!(seen.iter().all(|it| it["times"] == 3), "{events}");
    assert_eq!(
        registry.json(&["events", "pets"]).as_array().map(Vec::len),
        Some(1)
    );
}
