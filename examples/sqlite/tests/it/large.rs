//! Documents of 10 MB.

use cvtplugin::prelude::*;
use serde_json::{Map, Value, json};

use crate::registry::Registry;
use crate::usage::register;

/// A document of more than 10 MB: many endpoints, each with a schema that refers to the next.
fn large(last_field: &str) -> Value {
    const COUNT: usize = 6_000;
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for number in 0..COUNT {
        let reference = |number| json!({ "$ref": format!("#/components/schemas/Schema{number}") });
        let content = json!({ "application/json": { "schema": reference(number) } });
        let description = "A description as long as they are in real documents. ".repeat(22);
        let responses = json!({ "200": { "description": description, "content": content } });
        paths.insert(
            format!("/things/{number}/{{id}}"),
            json!({ "get": { "responses": responses } }),
        );
        let mut properties = Map::new();
        for name in ["id", "name", "email", "createdAt", "status"] {
            let property = json!({ "type": "string", "description": "What it is, in some words." });
            properties.insert(name.to_owned(), property);
        }
        if number + 1 < COUNT {
            properties.insert("next".to_owned(), reference(number + 1));
        } else {
            properties.insert(last_field.to_owned(), json!({ "type": "string" }));
        }
        schemas.insert(
            format!("Schema{number}"),
            json!({ "type": "object", "properties": properties }),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn large_documents_are_compared_to_the_last_schema() {
    let (before, after) = (large("last"), large("final"));
    assert!(
        before.to_string().len() > 10_000_000,
        "{}",
        before.to_string().len()
    );
    let registry = Registry::with("things", &before, &after);
    let plugin = registry.launch().await;
    for (consumer, path, field) in [
        ("chain", "/things/0/{id}", "next"),
        ("last", "/things/5999/{id}", "last"),
        ("other", "/things/5999/{id}", "name"),
    ] {
        let usage = RegisterConsumerUsageRequest::new(consumer, "things", "1.0.0");
        let endpoint = EndpointUsage::new("GET", path).used_fields([field]);
        register(&plugin, usage.endpoints([endpoint]))
            .await
            .expect("it is taken");
    }
    let report = registry.json(&["impact", "things", "--from", "1.0.0", "--to", "2.0.0"]);
    let verdicts = report["consumers"].as_array().expect("a list").iter();
    let verdicts: Vec<_> = verdicts
        .map(|it| it["verdict"].as_str().expect("a verdict"))
        .collect();
    assert_eq!(
        verdicts,
        ["broken", "broken", "unaffected"],
        "{}",
        report["consumers"][2]
    );
}
