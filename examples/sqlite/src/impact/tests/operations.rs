use serde_json::{Value, json};

use super::{NOTHING, compare, document, lines};

fn found(old: Value, new: Value, fields: &[&str]) -> Vec<String> {
    lines(&compare(old, new, fields))
}

fn with_responses(responses: Value) -> Value {
    document(json!({ "responses": responses }), json!({}))
}

fn json_of(schema: Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

#[test]
fn endpoints_that_go_are_broken_and_unknown_ones_possibly() {
    let with = || with_responses(json!({}));
    let without = || json!({ "openapi": "3.0.0", "paths": {} });
    let other_method = json!({ "openapi": "3.0.0", "paths": { "/pets/{id}": { "put": {} } } });
    assert_eq!(
        found(with(), without(), &[]),
        ["broken: GET /pets/{id} removed"]
    );
    assert_eq!(
        found(with(), other_method, &[]),
        ["broken: GET /pets/{id} removed"]
    );
    let unknown = ["possibly: 1.0.0 does not have GET /pets/{id}"];
    assert_eq!(found(without(), with(), &[]), unknown);
    assert_eq!(found(without(), without(), &[]), unknown);
}

#[test]
fn responses_come_and_go() {
    let ok = || json_of(json!({ "properties": { "x": { "type": "string" } } }));
    let old = || with_responses(json!({ "200": ok() }));
    let removed = [
        "broken: response 200 removed",
        "possibly: response 201 added",
    ];
    assert_eq!(
        found(old(), with_responses(json!({ "201": ok() })), &["x"]),
        removed
    );
    let others = ["possibly: response 2XX added"];
    assert_eq!(
        found(old(), with_responses(json!({ "2XX": ok() })), &["x"]),
        others
    );
    assert_eq!(
        found(old(), with_responses(json!({ "default": ok() })), &["x"]),
        NOTHING
    );
    let failing = with_responses(json!({ "200": ok(), "404": ok() }));
    assert_eq!(found(old(), failing, &["x"]), NOTHING);
    let xml = json!({ "200": { "content": { "application/xml": {} } } });
    let other = ["broken: response 200 is no longer application/json"];
    assert_eq!(found(old(), with_responses(xml), &["x"]), other);
    let charset = json!({ "200": { "content": { "application/json; charset=utf-8": {
        "schema": { "properties": { "x": { "type": "string" } } },
    } } } });
    assert_eq!(found(old(), with_responses(charset), &["x"]), NOTHING);
}

#[test]
fn fields_of_errors_are_read_too() {
    let of = |kind: &str| {
        let error = json_of(json!({ "properties": { "code": { "type": kind } } }));
        with_responses(
            json!({ "200": json_of(json!({ "properties": { "x": {} } })), "404": error }),
        )
    };
    let broken = ["broken: response 404: `code` is of type integer now, was string"];
    assert_eq!(found(of("string"), of("integer"), &["code"]), broken);
    assert_eq!(found(of("string"), of("integer"), &["x"]), NOTHING);
}

#[test]
fn nothing_to_read_needs_no_fields() {
    let gone = || with_responses(json!({ "204": { "description": "gone" } }));
    assert_eq!(found(gone(), gone(), &[]), NOTHING);
}

#[test]
fn base_paths_and_authentication_are_possibly() {
    let mut old = with_responses(json!({}));
    let mut new = old.clone();
    old["servers"] = json!([{ "url": "https://example.com/v1" }]);
    new["servers"] = json!([{ "url": "https://example.org/v2" }]);
    let moved = ["possibly: the base path was [\"/v1\"], is [\"/v2\"]"];
    assert_eq!(found(old.clone(), new, &[]), moved);
    let mut secured = old.clone();
    secured["security"] = json!([{ "key": [] }, { "login": ["read"] }]);
    let authentication = ["possibly: authentication changed: what was enough may not be"];
    assert_eq!(found(old.clone(), secured.clone(), &[]), authentication);
    assert_eq!(found(secured.clone(), old, &[]), NOTHING);
    let mut stricter = secured.clone();
    stricter["security"] = json!([{ "key": [] }, { "login": ["read", "write"] }]);
    assert_eq!(found(secured, stricter, &[]), authentication);
}
