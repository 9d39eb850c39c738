use serde_json::json;

use super::{NOTHING, compare, lines, read, responding};

#[test]
fn retyped_is_broken() {
    let changed = |old, new| read(json!({ "type": old }), json!({ "type": new }));
    let retyped = ["broken: response 200: `x` is of type integer now, was string"];
    assert_eq!(changed(json!("string"), json!("integer")), retyped);
    let wider = ["broken: response 200: `x` is of type integer or string now, was string"];
    assert_eq!(
        changed(json!("string"), json!(["string", "integer"])),
        wider
    );
    let number = ["broken: response 200: `x` is of type number now, was integer"];
    assert_eq!(changed(json!("integer"), json!("number")), number);
    let integer = ["possibly: response 200: `x` is an integer now, was a number"];
    assert_eq!(changed(json!("number"), json!("integer")), integer);
    assert_eq!(
        changed(json!(["string", "integer"]), json!("string")),
        NOTHING
    );
    let any = ["broken: response 200: `x` is of type any now, was string"];
    assert_eq!(read(json!({ "type": "string" }), json!({})), any);
    assert_eq!(read(json!({}), json!({ "type": "string" })), NOTHING);
}

#[test]
fn type_that_was_implied_is_no_change() {
    let implied = json!({ "properties": { "y": {} } });
    let stated = json!({ "type": "object", "properties": { "y": {} } });
    assert_eq!(read(implied.clone(), stated.clone()), NOTHING);
    assert_eq!(read(stated, implied), NOTHING);
}

#[test]
fn null_is_broken_however_it_is_written() {
    let plain = json!({ "type": "string" });
    let broken = ["broken: response 200: `x` may be null now"];
    for nullable in [
        json!({ "type": "string", "nullable": true }),
        json!({ "type": "string", "x-nullable": true }),
        json!({ "type": ["string", "null"] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "oneOf": [{ "enum": [null] }, { "type": "string" }] }),
    ] {
        assert_eq!(read(plain.clone(), nullable.clone()), broken, "{nullable}");
        assert_eq!(read(nullable.clone(), plain.clone()), NOTHING, "{nullable}");
        assert_eq!(
            read(nullable, json!({ "type": ["null", "string"] })),
            NOTHING
        );
    }
}

#[test]
fn wider_enums_are_broken() {
    let values = |values| json!({ "type": "string", "enum": values });
    let wider = ["broken: response 200: `x` may be \"c\" now"];
    assert_eq!(read(values(json!(["a"])), values(json!(["a", "c"]))), wider);
    assert_eq!(
        read(values(json!(["a", "c"])), values(json!(["a"]))),
        NOTHING
    );
    let open = ["broken: response 200: `x` may be other than \"a\" now"];
    assert_eq!(
        read(values(json!(["a"])), json!({ "type": "string" })),
        open
    );
    assert_eq!(
        read(json!({ "type": "string" }), values(json!(["a"]))),
        NOTHING
    );
    assert_eq!(
        read(json!({ "const": "a" }), json!({ "enum": ["a"] })),
        NOTHING
    );
}

#[test]
fn optional_is_broken_also_of_what_the_path_leads_through() {
    let of = |outer: bool, inner: bool| {
        let list = |it: bool, name: &str| if it { json!([name]) } else { json!([]) };
        let owner = json!({
            "type": "object", "properties": { "email": {} }, "required": list(inner, "email"),
        });
        responding(&json!({ "properties": { "owner": owner }, "required": list(outer, "owner") }))
    };
    let read = |old, new, field| lines(&compare(old, new, &[field]));
    let outer = ["broken: response 200: `owner` has become optional"];
    let inner = ["broken: response 200: `owner.email` has become optional"];
    assert_eq!(read(of(true, true), of(false, true), "owner.email"), outer);
    assert_eq!(read(of(true, true), of(true, false), "owner.email"), inner);
    assert_eq!(read(of(true, true), of(true, false), "owner"), inner);
    assert_eq!(read(of(false, false), of(true, true), "owner"), NOTHING);
}

#[test]
fn fields_pass_through_arrays_and_maps() {
    let of = |kind| {
        let item = json!({ "type": "object", "properties": { "sku": { "type": kind } } });
        responding(&json!({ "type": "array", "items": { "properties": {
            "items": { "type": "array", "items": item },
            "byName": { "type": "object", "additionalProperties": item },
        } } }))
    };
    let (old, new) = (of("string"), of("integer"));
    for (field, place) in [
        ("items.sku", "`[].items[].sku`"),
        ("$[*].items[0].sku", "`[].items[].sku`"),
        ("items", "`[].items[].sku`"),
        ("items.*.sku", "`[].items[].sku`"),
        ("byName.rex.sku", "`[].byName.*.sku`"),
        ("byName.*.sku", "`[].byName.*.sku`"),
        ("byName", "`[].byName.*.sku`"),
    ] {
        let broken = format!("broken: response 200: {place} is of type integer now, was string");
        assert_eq!(
            lines(&compare(old.clone(), new.clone(), &[field])),
            [broken],
            "{field}"
        );
    }
}

#[test]
fn fields_may_have_dots_in_their_names() {
    let of = |kind| {
        let dotted = json!({ "properties": { "b.c": { "type": kind } } });
        responding(&json!({ "properties": { "a": dotted } }))
    };
    let broken = ["broken: response 200: `a.b.c` is of type integer now, was string"];
    assert_eq!(
        lines(&compare(of("string"), of("integer"), &["a.b.c"])),
        broken
    );
}

#[test]
fn fields_that_are_not_there_are_possibly() {
    let same = responding(&json!({ "properties": { "x": { "type": "string" } } }));
    let possibly = |field: &str| {
        vec![format!(
            "possibly: the responses of 1.0.0 do not have `{field}`"
        )]
    };
    for field in ["z", "x.y", "data.x"] {
        assert_eq!(
            lines(&compare(same.clone(), same.clone(), &[field])),
            possibly(field)
        );
    }
    assert_eq!(lines(&compare(same.clone(), same, &["x", "$"])), NOTHING);
}

#[test]
fn unread_fields_do_not_matter_unless_nobody_knows() {
    let old = responding(&json!({ "properties": { "x": {}, "y": { "type": "string" } } }));
    let new = responding(&json!({ "properties": { "x": {}, "z": { "type": "string" } } }));
    assert_eq!(lines(&compare(old.clone(), new.clone(), &["x"])), NOTHING);
    let undeclared = ["possibly: declares no fields: response 200: `y` removed"];
    assert_eq!(lines(&compare(old.clone(), new.clone(), &[])), undeclared);
    assert_eq!(lines(&compare(old.clone(), new, &[" "])), undeclared);
    // Where nothing changes, all is known.
    assert_eq!(lines(&compare(old.clone(), old, &[])), NOTHING);
}

#[test]
fn limits_and_formats_are_possibly() {
    let limited =
        |keyword: &str, value: serde_json::Value| json!({ "type": "string", keyword: value });
    let possibly = |what: &str| vec![format!("possibly: response 200: `x` {what}")];
    let wider = possibly("has a wider `maxLength`, was 5");
    assert_eq!(
        read(
            limited("maxLength", 5.into()),
            limited("maxLength", 9.into())
        ),
        wider
    );
    assert_eq!(
        read(limited("maxLength", 5.into()), json!({ "type": "string" })),
        wider
    );
    assert_eq!(
        read(
            limited("maxLength", 9.into()),
            limited("maxLength", 5.into())
        ),
        NOTHING
    );
    let (date, time) = (
        limited("format", "date".into()),
        limited("format", "date-time".into()),
    );
    assert_eq!(read(date.clone(), time), possibly("has another `format`"));
    assert_eq!(read(json!({ "type": "string" }), date), NOTHING);
    let (one, other) = (
        limited("pattern", "a".into()),
        limited("pattern", "b".into()),
    );
    assert_eq!(read(one.clone(), other), possibly("has another `pattern`"));
    assert_eq!(read(one.clone(), one), NOTHING);
}

#[test]
fn write_only_fields_leave_the_response() {
    let broken = ["broken: response 200: `x` removed"];
    let write_only = json!({ "type": "string", "writeOnly": true });
    assert_eq!(
        read(json!({ "type": "string" }), write_only.clone()),
        broken
    );
    assert_eq!(read(write_only.clone(), write_only.clone()), NOTHING);
    let doubted =
        ["possibly: though writeOnly: response 200: `x` is of type integer now, was string"];
    let retyped = read(write_only, json!({ "type": "integer", "writeOnly": true }));
    assert_eq!(retyped.len(), doubted.len(), "{retyped:?}");
}
