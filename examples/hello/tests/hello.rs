//! The hello plugin under a host.

use std::process::Command;

use cvtplugin::host::Host;
use cvtplugin::prelude::*;

#[tokio::test]
async fn call_prints_what_the_readme_says() -> Result<(), BoxError> {
    let plugin = Host::new(env!("CARGO_BIN_EXE_cvt-plugin-hello"))
        .launch()
        .await?;
    assert_eq!(plugin.info().services, ["registry.v1", "events.v1"]);

    let schema = plugin
        .fetch_schema(FetchSchemaRequest::new("petstore"))
        .await?;
    let document: serde_json::Value = serde_json::from_slice(&schema.spec)?;
    assert_eq!(document["info"]["title"], "Petstore");
    let missing = plugin.fetch_schema(FetchSchemaRequest::new("other")).await;
    assert_eq!(missing.expect_err("no such schema").code(), Code::NotFound);

    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0");
    assert!(plugin.register_consumer_usage(usage).await?.acknowledged);
    let change = BreakingChangeDetectedRequest::new("petstore", "1.0.0", "2.0.0");
    assert!(
        plugin
            .on_breaking_change_detected(change)
            .await?
            .acknowledged
    );
    let failure = ValidationFailedRequest::new("petstore", "GET", "/pets/7");
    assert!(plugin.on_validation_failed(failure).await?.acknowledged);

    assert!(plugin.shutdown().await?.is_clean());
    Ok(())
}

#[test]
fn readme_shows_the_plugin_and_its_test() {
    let readme = include_str!("../../../README.md");
    let plugin = from(include_str!("../src/main.rs"), "use ");
    let plugin = &plugin[..plugin.find("\n}\n").expect("its end") + 3];
    assert!(plugin.lines().count() < 25, "{plugin}");
    assert!(readme.contains(plugin), "{plugin}");
    let test = "#[tokio::test]\nasync fn event_is_greeted_in_the_log";
    let test = from(include_str!("../src/tests.rs"), test);
    assert!(readme.contains(test), "{test}");
}

#[test]
fn readme_shows_the_stanza() -> Result<(), BoxError> {
    let mut hello = Command::new(env!("CARGO_BIN_EXE_cvt-plugin-hello"));
    let stanza = hello.arg("--config").env_clear().output()?.stdout;
    let stanza = format!("```yaml\n{}```", String::from_utf8(stanza)?);
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&stanza), "{stanza}");
    Ok(())
}

fn from<'t>(text: &'t str, start: &str) -> &'t str {
    &text[text.find(start).expect(start)..]
}
