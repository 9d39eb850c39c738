//! Changes of a field that break those who read it.

use serde_json::{Value, json};

use super::mutation::{Mutation, Target, at};
use crate::walk::{Field, resolved};

/// The object that declares a field, and the field's name.
pub(super) fn owner(field: &Field) -> (&str, String) {
    let (owner, name) = field
        .declaration
        .rsplit_once("/properties/")
        .expect("it is a property");
    (owner, name.replace("~1", "/").replace("~0", "~"))
}

pub(super) fn remove_property(target: &mut Target<'_>) -> Option<Mutation> {
    let field = target.field?;
    let (owner, name) = owner(field);
    let object = at(target.document, owner);
    object["properties"].as_object_mut()?.remove(&name);
    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|it| *it != name);
    }
    Some(Mutation::of_schema("remove property", &field.declaration))
}

pub(super) fn retype(target: &mut Target<'_>) -> Option<Mutation> {
    let schema = resolved(target.document, &target.field?.declaration);
    let value = at(target.document, &schema).as_object_mut()?;
    let other = match value.get("type")?.as_str()? {
        "string" => "integer",
        "integer" | "number" | "boolean" => "string",
        _ => return None,
    };
    value.retain(|keyword, _| keyword == "description");
    value.insert("type".to_owned(), other.into());
    Some(Mutation::of_schema("retype", schema))
}

pub(super) fn replace_by_object(target: &mut Target<'_>) -> Option<Mutation> {
    let field = target.field?;
    let was = at(target.document, &field.declaration).take();
    *at(target.document, &field.declaration) =
        json!({ "type": "object", "properties": { "value": was } });
    Some(Mutation::of_schema("replace by object", &field.declaration))
}

pub(super) fn make_optional(target: &mut Target<'_>) -> Option<Mutation> {
    let field = target.field?;
    let (owner, name) = owner(field);
    let required = at(target.document, owner)
        .get_mut("required")?
        .as_array_mut()?;
    let before = required.len();
    required.retain(|it| *it != name);
    let is_changed = required.len() < before;
    is_changed.then(|| Mutation::of_schema("make optional", &field.declaration))
}

pub(super) fn make_nullable(target: &mut Target<'_>) -> Option<Mutation> {
    let is_latest = target.document["openapi"]
        .as_str()
        .is_some_and(|it| it.starts_with("3.1"));
    let is_swagger = target.document.get("swagger").is_some();
    let schema = resolved(target.document, &target.field?.declaration);
    let value = at(target.document, &schema).as_object_mut()?;
    let kind = value.get("type")?.as_str()?.to_owned();
    let is_nullable = |it: &str| value.get(it) == Some(&Value::Bool(true));
    if ["nullable", "x-nullable"].iter().any(|it| is_nullable(it)) {
        return None;
    }
    if is_latest {
        value.insert("type".to_owned(), json!([kind, "null"]));
    } else {
        let keyword = if is_swagger { "x-nullable" } else { "nullable" };
        value.insert(keyword.to_owned(), true.into());
    }
    Some(Mutation::of_schema("make nullable", schema))
}

pub(super) fn widen_enum(target: &mut Target<'_>) -> Option<Mutation> {
    let schema = resolved(target.document, &target.field?.declaration);
    let values = at(target.document, &schema)
        .get_mut("enum")?
        .as_array_mut()?;
    values.push("brand-new".into());
    Some(Mutation::of_schema("widen enum", schema))
}
