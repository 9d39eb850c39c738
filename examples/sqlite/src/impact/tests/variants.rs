use serde_json::{Value, json};

use super::{NOTHING, compare, document, lines, read};
use crate::impact::verdict::Verdict;

#[test]
fn unchanged_variants_are_no_change() {
    let either = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    assert_eq!(read(either.clone(), either), NOTHING);
}

#[test]
fn changed_variants_are_possibly_and_named() {
    let either = |kinds: &[&str]| {
        let variants: Vec<_> = kinds.iter().map(|kind| json!({ "type": kind })).collect();
        json!({ "oneOf": variants })
    };
    let more = ["possibly: response 200: `x` was `oneOf` of 2, is `oneOf` of 3"];
    let found = read(
        either(&["string", "integer"]),
        either(&["string", "integer", "boolean"]),
    );
    assert_eq!(found, more);
    let found = read(
        either(&["string", "integer"]),
        either(&["string", "boolean"]),
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("possibly: "), "{found:?}");
    let found = read(json!({ "type": "string" }), either(&["string", "integer"]));
    assert!(
        found.iter().any(|it| it.contains("`oneOf` of `x` changed")),
        "{found:?}"
    );
}

/// A response of a cat or a dog, both shared.
fn cat_or_dog(name_kind: &str, bark_kind: &str, order: [&str; 2]) -> Value {
    let pet = |field: &str, kind: &str| {
        let properties = json!({ "name": { "type": name_kind }, field: { "type": kind } });
        json!({ "type": "object", "properties": properties })
    };
    let schemas = json!({ "Cat": pet("meow", "string"), "Dog": pet("bark", bark_kind) });
    let references = order.map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    let content = json!({ "application/json": { "schema": { "oneOf": references } } });
    document(
        json!({ "responses": { "200": { "content": content } } }),
        schemas,
    )
}

#[test]
fn fields_of_variants_are_followed() {
    let old = || cat_or_dog("string", "string", ["Cat", "Dog"]);
    let new = || cat_or_dog("string", "integer", ["Cat", "Dog"]);
    let bark = compare(old(), new(), &["bark"]);
    assert_eq!(
        bark.iter().map(|it| it.verdict).collect::<Vec<_>>(),
        [Verdict::Possibly]
    );
    assert_eq!(compare(old(), new(), &["meow", "name"]), []);
    let name = compare(
        old(),
        cat_or_dog("integer", "string", ["Cat", "Dog"]),
        &["name"],
    );
    assert!(
        !name.is_empty() && name.iter().all(|it| it.verdict == Verdict::Possibly),
        "{name:?}"
    );
    // By name, and not by their order.
    let swapped = cat_or_dog("string", "string", ["Dog", "Cat"]);
    assert_eq!(compare(old(), swapped, &["bark", "meow"]), []);
}

#[test]
fn keywords_that_are_not_understood_are_possibly_through_references() {
    let of = |kind: &str| {
        let schema =
            json!({ "properties": { "x": { "not": { "$ref": "#/components/schemas/No" } } } });
        let content = json!({ "application/json": { "schema": schema } });
        let responses = json!({ "responses": { "200": { "content": content } } });
        document(
            responses,
            json!({ "No": { "type": kind, "description": kind } }),
        )
    };
    let possibly = ["possibly: response 200: `x` has another `not`"];
    assert_eq!(
        lines(&compare(of("string"), of("integer"), &["x"])),
        possibly
    );
    assert_eq!(lines(&compare(of("string"), of("string"), &["x"])), NOTHING);
}

#[test]
fn other_documents_are_possibly_even_if_nothing_changed() {
    let elsewhere = json!({ "$ref": "other.yaml#/Pet" });
    let found = read(elsewhere.clone(), elsewhere);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("possibly: ") && found[0].contains("`other.yaml#/Pet`"),
        "{found:?}"
    );
}

#[test]
fn schemas_that_refer_to_themselves_are_compared_once() {
    let of = |kind: &str| {
        let pet = json!({ "$ref": "#/components/schemas/Pet" });
        let list = json!({ "type": "array", "items": pet });
        let properties = json!({ "parent": pet, "litter": list, "name": { "type": kind } });
        let content = json!({ "application/json": { "schema": pet } });
        let responses = json!({ "responses": { "200": { "content": content } } });
        document(
            responses,
            json!({ "Pet": { "type": "object", "properties": properties } }),
        )
    };
    let broken = ["broken: response 200: `name` is of type integer now, was string"];
    assert_eq!(lines(&compare(of("string"), of("integer"), &["$"])), broken);
    let deep = lines(&compare(
        of("string"),
        of("integer"),
        &["parent.litter.parent.name"],
    ));
    let place = "`parent.litter[].parent.name`";
    assert_eq!(deep, [broken[0].replace("`name`", place)]);
    assert_eq!(
        lines(&compare(of("string"), of("string"), &["parent.parent"])),
        NOTHING
    );
}
