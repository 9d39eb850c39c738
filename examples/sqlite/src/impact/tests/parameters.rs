use serde_json::{Value, json};

use super::{NOTHING, compare, document, lines};

fn found(old: Value, new: Value) -> Vec<String> {
    let of = |parameters: Value| document(json!({ "parameters": parameters }), json!({}));
    lines(&compare(of(old), of(new), &[]))
}

fn parameter(name: &str, location: &str, required: bool) -> Value {
    json!({ "name": name, "in": location, "required": required, "schema": { "type": "string" } })
}

#[test]
fn parameters_come_and_go() {
    let (optional, required) = (
        parameter("q", "query", false),
        parameter("q", "query", true),
    );
    let added = ["broken: query parameter `q` added, and required"];
    assert_eq!(found(json!([]), json!([required])), added);
    assert_eq!(found(json!([]), json!([optional])), NOTHING);
    let removed = ["broken: query parameter `q` removed"];
    assert_eq!(found(json!([optional]), json!([])), removed);
    let demanded = ["broken: query parameter `q`: has become required"];
    assert_eq!(found(json!([optional]), json!([required])), demanded);
    let moved = found(json!([optional]), json!([parameter("q", "header", false)]));
    assert_eq!(moved, removed);
}

#[test]
fn names_that_are_not_sent_do_not_matter() {
    let path = |name| json!([parameter(name, "path", true)]);
    // The path itself is called by the same name in both.
    assert_eq!(found(path("id"), path("id")), NOTHING);
    let header = |name| json!([parameter(name, "header", false)]);
    assert_eq!(found(header("X-Tenant"), header("x-tenant")), NOTHING);
}

#[test]
fn path_parameters_may_be_renamed() {
    let of = |name: &str| {
        let get = json!({ "parameters": [parameter(name, "path", true)] });
        json!({ "openapi": "3.0.0", "paths": { (format!("/pets/{{{name}}}")): { "get": get } } })
    };
    assert_eq!(lines(&compare(of("id"), of("petId"), &[])), NOTHING);
}

#[test]
fn parameters_are_compared_in_both_dialects() {
    let swagger = |kind: &str| {
        let parameter = json!({ "name": "q", "in": "query", "type": kind });
        let get = json!({ "parameters": [parameter] });
        json!({ "swagger": "2.0", "paths": { "/pets/{id}": { "get": get } } })
    };
    let retyped = ["broken: query parameter `q`: it is of type integer now, was string"];
    assert_eq!(
        lines(&compare(swagger("string"), swagger("integer"), &[])),
        retyped
    );
    let modern = document(
        json!({ "parameters": [parameter("q", "query", false)] }),
        json!({}),
    );
    assert_eq!(lines(&compare(swagger("string"), modern, &[])), NOTHING);
}

#[test]
fn shared_parameters_are_overridden() {
    let of = |own: Value| {
        let shared = json!([parameter("q", "query", true)]);
        let item = json!({ "parameters": shared, "get": { "parameters": own } });
        json!({ "openapi": "3.0.0", "paths": { "/pets/{id}": item } })
    };
    let optional = json!([parameter("q", "query", false)]);
    let demanded = ["broken: query parameter `q`: has become required"];
    assert_eq!(
        lines(&compare(of(optional.clone()), of(json!([])), &[])),
        demanded
    );
    assert_eq!(lines(&compare(of(json!([])), of(optional), &[])), NOTHING);
}
