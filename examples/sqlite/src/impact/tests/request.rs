use serde_json::{Value, json};

use super::{NOTHING, compare, document, lines, sent, taking};

#[test]
fn narrower_is_broken() {
    let broken = |what: &str| vec![format!("broken: request body: `x` {what}")];
    let kind = |kind: Value| json!({ "type": kind });
    let retyped = broken("is of type integer now, was number");
    assert_eq!(sent(kind("number".into()), kind("integer".into())), retyped);
    assert_eq!(sent(kind("integer".into()), kind("number".into())), NOTHING);
    let no_null = broken("may no longer be null");
    assert_eq!(
        sent(kind(json!(["string", "null"])), kind("string".into())),
        no_null
    );
    assert_eq!(
        sent(kind("string".into()), kind(json!(["string", "null"]))),
        NOTHING
    );
    let values = |values: Value| json!({ "enum": values });
    let fewer = broken("no longer accepts \"b\"");
    assert_eq!(sent(values(json!(["a", "b"])), values(json!(["a"]))), fewer);
    assert_eq!(
        sent(values(json!(["a"])), values(json!(["a", "b"]))),
        NOTHING
    );
    assert_eq!(
        sent(json!({}), values(json!(["a"]))),
        broken("accepts only \"a\" now")
    );
    let limit = |limit: u8| json!({ "maxLength": limit });
    let shorter = broken("has a narrower `maxLength`: 5");
    assert_eq!(sent(limit(9), limit(5)), shorter);
    assert_eq!(sent(json!({}), limit(5)), shorter);
    assert_eq!(sent(limit(5), json!({})), NOTHING);
}

#[test]
fn exclusive_limits_are_the_same_in_both_dialects() {
    let flag = || json!({ "minimum": 1, "exclusiveMinimum": true });
    let limit = || json!({ "exclusiveMinimum": 1 });
    assert_eq!(sent(flag(), limit()), NOTHING);
    assert_eq!(sent(limit(), flag()), NOTHING);
    let narrower = ["broken: request body: `x` has a narrower `minimum`: 1"];
    assert_eq!(sent(json!({ "minimum": 1 }), flag()), narrower);
    assert_eq!(sent(json!({ "minimum": 1 }), limit()), narrower);
    assert_eq!(sent(limit(), json!({ "minimum": 1 })), NOTHING);
    let (least, more) = (json!({ "minimum": 1 }), json!({ "minimum": 2 }));
    assert_eq!(sent(least.clone(), more.clone()).len(), 1);
    assert_eq!(sent(more, least), NOTHING);
}

fn demanding(properties: &[&str], required: &[&str]) -> Value {
    let properties: serde_json::Map<_, _> = properties
        .iter()
        .map(|name| ((*name).to_owned(), json!({})))
        .collect();
    taking(&json!({ "type": "object", "properties": properties, "required": required }))
}

#[test]
fn new_demands_are_broken() {
    let found = |old, new| lines(&compare(old, new, &[]));
    let added = ["broken: request body: `b` added, and required"];
    assert_eq!(
        found(demanding(&["a"], &[]), demanding(&["a", "b"], &["b"])),
        added
    );
    assert_eq!(
        found(demanding(&["a"], &[]), demanding(&["a", "b"], &[])),
        NOTHING
    );
    let required = ["broken: request body: `a` has become required"];
    assert_eq!(
        found(demanding(&["a"], &[]), demanding(&["a"], &["a"])),
        required
    );
    assert_eq!(
        found(demanding(&["a"], &["a"]), demanding(&["a"], &[])),
        NOTHING
    );
    let removed = ["possibly: request body: `a` removed: it may be ignored"];
    assert_eq!(found(demanding(&["a"], &[]), demanding(&[], &[])), removed);
}

#[test]
fn read_only_properties_are_not_sent() {
    let of = |required: &[&str]| {
        let properties = json!({ "id": { "type": "string", "readOnly": true } });
        taking(&json!({ "type": "object", "properties": properties, "required": required }))
    };
    assert_eq!(lines(&compare(of(&[]), of(&["id"]), &[])), NOTHING);
    assert_eq!(
        lines(&compare(
            taking(&json!({ "type": "object" })),
            of(&["id"]),
            &[]
        )),
        NOTHING
    );
}

#[test]
fn bodies_come_and_go() {
    let with = |required: bool| {
        let content = json!({ "application/json": {} });
        document(
            json!({ "requestBody": { "required": required, "content": content } }),
            json!({}),
        )
    };
    let without = || document(json!({}), json!({}));
    let found = |old, new| lines(&compare(old, new, &[]));
    assert_eq!(
        found(without(), with(true)),
        ["broken: request body added, and required"]
    );
    assert_eq!(found(without(), with(false)), NOTHING);
    assert_eq!(
        found(with(false), with(true)),
        ["broken: request body has become required"]
    );
    assert_eq!(
        found(with(false), without()),
        ["broken: request body removed"]
    );
    let xml = json!({ "requestBody": { "content": { "application/xml": {} } } });
    let other = ["broken: request body may no longer be application/json"];
    assert_eq!(found(with(false), document(xml, json!({}))), other);
}
