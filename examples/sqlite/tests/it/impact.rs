//! `impact`, from the command line: verdicts, exit codes, versions.

use cvtplugin::prelude::*;
use serde_json::{Value, json};

use crate::registry::{Registry, responding};
use crate::usage::{reading, register};

fn pet(fields: &[&str]) -> Value {
    let properties: serde_json::Map<_, _> = fields
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
        .collect();
    responding(&json!({ "type": "object", "properties": properties, "required": fields }))
}

/// A registry whose 2.0.0 no longer has `email`.
async fn without_email(usages: &[RegisterConsumerUsageRequest]) -> Registry {
    let registry = Registry::with("pets", &pet(&["id", "email"]), &pet(&["id"]));
    let plugin = registry.launch().await;
    for usage in usages {
        register(&plugin, usage.clone()).await.expect("it is taken");
    }
    registry
}

fn impact(registry: &Registry, from: &str, to: &str) -> (i32, Value) {
    let arguments = ["impact", "pets", "--from", from, "--to", to];
    let outcome = registry.run(&arguments);
    (outcome.code, registry.json(&arguments))
}

#[tokio::test]
async fn verdicts_are_those_of_the_fields() {
    let registry = without_email(&[
        reading("a-reads-it", &["email"]),
        reading("b-reads-all", &["$"]),
        reading("c-reads-another", &["id"]),
        reading("d-reads-none-of-it", &["nickname"]),
        reading("e-declares-none", &[]),
        reading("f-of-nowhere", &["id"]).schema_version("0.9.0"),
        reading("g-without-endpoints", &[]).endpoints([]),
    ])
    .await;
    let (code, report) = impact(&registry, "1.0.0", "2.0.0");
    let assessments = report["consumers"].as_array().expect("a list");
    let verdicts: Vec<_> = assessments
        .iter()
        .map(|it| it["verdict"].as_str().expect("one"))
        .collect();
    let expected = [
        "broken",
        "broken",
        "unaffected",
        "possibly",
        "possibly",
        "unknown",
        "possibly",
    ];
    assert_eq!(verdicts, expected, "{report}");
    let evidence = |index: usize| {
        assessments[index]["evidence"][0]["evidence"]
            .as_str()
            .expect("one")
    };
    assert_eq!(evidence(0), "GET /pets/{id}: response 200: `email` removed");
    assert_eq!(
        evidence(3),
        "GET /pets/{id}: the responses of 1.0.0 do not have `nickname`"
    );
    let undeclared = "GET /pets/{id}: declares no fields: response 200: `email` removed";
    assert_eq!(evidence(4), undeclared);
    assert_eq!(evidence(5), "version 0.9.0 of pets is not stored");
    assert_eq!((code, report["verdict"].as_str()), (1, Some("broken")));
}

#[tokio::test]
async fn exit_code_is_that_of_the_worst_verdict() {
    for (usages, from, to, expected) in [
        (vec![reading("web", &["id"])], "1.0.0", "2.0.0", 0),
        (vec![], "1.0.0", "2.0.0", 0),
        (vec![reading("web", &["email"])], "1.0.0", "2.0.0", 1),
        (
            vec![reading("web", &["id"]), reading("app", &["email"])],
            "1.0.0",
            "2.0.0",
            1,
        ),
        (vec![reading("web", &["email"])], "2.0.0", "1.0.0", 0),
        (vec![reading("web", &["nickname"])], "1.0.0", "2.0.0", 2),
        (
            vec![reading("web", &["id"]), reading("app", &[])],
            "1.0.0",
            "2.0.0",
            2,
        ),
        (vec![reading("web", &["id"])], "1.0.0", "3.0.0", 2),
        (vec![], "1.0.0", "3.0.0", 2),
        (vec![reading("web", &["email"])], "1.0.0", "latest", 1),
    ] {
        let registry = without_email(&usages).await;
        let (code, report) = impact(&registry, from, to);
        assert_eq!(code, expected, "{from} to {to}: {report}");
    }
}

#[tokio::test]
async fn consumers_of_other_versions_are_judged_by_theirs_too() {
    let usages = [
        reading("a-moved-on", &["id"]).schema_version("2.0.0"),
        reading("b-moved-on-for-email", &["email"]).schema_version("2.0.0"),
        reading("c-older", &["name"]).schema_version("0.5.0"),
        reading("d-older-but-spared", &["id"]).schema_version("0.5.0"),
        reading("e-latest", &["email"]).schema_version("latest"),
    ];
    let registry = without_email(&usages).await;
    registry.import("pets", "0.5.0", &pet(&["id", "email", "name"]));
    let (_, report) = impact(&registry, "1.0.0", "2.0.0");
    let assessments = report["consumers"].as_array().expect("a list");
    let verdicts: Vec<_> = assessments
        .iter()
        .map(|it| it["verdict"].as_str().expect("one"))
        .collect();
    assert_eq!(
        verdicts,
        ["unaffected", "possibly", "possibly", "unaffected", "broken"],
        "{report}"
    );
}

#[tokio::test]
async fn versions_that_are_not_stored_are_named() {
    let registry = without_email(&[]).await;
    let outcome = registry.run(&["impact", "pets", "--from", "1.0.0", "--to", "3.0.0"]);
    assert_eq!(outcome.code, 2);
    let printed =
        "version 3.0.0 of pets is not stored: import it first\npets 1.0.0 to 3.0.0: unknown\n";
    assert_eq!(outcome.stdout, printed);
}

#[tokio::test]
async fn table_has_a_line_for_each_consumer_and_environment() {
    let usages = ["staging", "production"].map(|it| reading("web", &["email"]).environment(it));
    let registry = without_email(&usages).await;
    let printed = registry
        .run(&["impact", "pets", "--from", "1.0.0", "--to", "2.0.0"])
        .stdout;
    let rows: Vec<_> = printed
        .lines()
        .map(|it| it.split_whitespace().collect::<Vec<_>>())
        .collect();
    assert_eq!(
        rows[0],
        ["CONSUMER", "ENVIRONMENT", "VERSION", "VERDICT", "EVIDENCE"]
    );
    assert_eq!(rows[1][..4], ["web", "production", "1.0.0", "broken"]);
    assert_eq!(rows[2][..4], ["web", "staging", "1.0.0", "broken"]);
    assert!(
        printed.ends_with("pets 1.0.0 to 2.0.0: broken\n"),
        "{printed}"
    );
}
