//! Schemas, as people import them and CVT fetches them.

use cvtplugin::host::RunningPlugin;
use cvtplugin::prelude::*;
use serde_json::{Value, json};

use crate::registry::{Registry, document};

async fn fetch(plugin: &RunningPlugin, id: &str, version: &str) -> Result<(Value, String)> {
    let response = plugin
        .fetch_schema(FetchSchemaRequest::new(id).version(version))
        .await?;
    let spec = serde_json::from_slice(&response.spec).expect("CVT reads JSON only");
    Ok((spec, response.resolved_version))
}

#[tokio::test]
async fn latest_is_the_highest_release() {
    let registry = Registry::new();
    for version in ["1.9.0", "1.10.0", "2.0.0-rc.1"] {
        registry.import("pets", version, &document(&json!({ "summary": version })));
    }
    let plugin = registry.launch().await;
    for (asked, got) in [
        ("", "1.10.0"),
        ("latest", "1.10.0"),
        ("1.9.0", "1.9.0"),
        ("2.0.0-rc.1", "2.0.0-rc.1"),
    ] {
        let (spec, version) = fetch(&plugin, "pets", asked).await.expect("it is stored");
        assert_eq!(version, got);
        assert_eq!(spec["paths"]["/pets/{id}"]["get"]["summary"], got);
    }
    // A running plugin serves what is imported meanwhile.
    registry.import("pets", "3.0.0", &document(&json!({})));
    let (_, version) = fetch(&plugin, "pets", "").await.expect("it is stored");
    assert_eq!(version, "3.0.0");
}

#[tokio::test]
async fn missing_schemas_are_not_found_and_the_error_says_what_to_do() {
    let registry = Registry::new();
    registry.import("pets", "1.0.0", &document(&json!({})));
    let plugin = registry.launch().await;
    for (id, version, advice) in [
        ("dogs", "", "cvt-plugin-sqlite import FILE --schema dogs"),
        ("pets", "2.0.0", "stored are 1.0.0"),
    ] {
        let error = fetch(&plugin, id, version)
            .await
            .expect_err("it is not stored");
        assert_eq!(error.code(), Code::NotFound);
        assert!(error.message().contains(advice), "{error}");
    }
    let error = fetch(&plugin, "", "").await.expect_err("there is no id");
    assert_eq!(error.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn yaml_is_stored_as_the_json_that_cvt_reads() {
    let registry = Registry::new();
    let yaml = "\
openapi: 3.0
info: {title: Pets, version: 1.10}
paths:
  /pets:
    get:
      responses:
        200: {description: 'a pet', x-country: NO}
        default: {description: on}
";
    let file = registry.write("pets.yaml", yaml).display().to_string();
    let outcome = registry.run(&["import", &file]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (0, "added pets 1.10\n"),
        "{outcome:?}"
    );
    let plugin = registry.launch().await;
    let (spec, version) = fetch(&plugin, "pets", "").await.expect("it is stored");
    assert_eq!(version, "1.10");
    let expected = json!({
        "openapi": "3.0",
        "info": { "title": "Pets", "version": "1.10" },
        "paths": { "/pets": { "get": { "responses": {
            "200": { "description": "a pet", "x-country": "NO" },
            "default": { "description": "on" },
        } } } },
    });
    assert_eq!(spec, expected);
}
