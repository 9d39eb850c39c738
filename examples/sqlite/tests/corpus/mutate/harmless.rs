//! Changes that break nobody.

use serde_json::json;

use super::fields::owner;
use super::mutation::{Mutation, Target, at};
use crate::walk::resolved;

pub(super) fn add_property(target: Target<'_>) -> Option<Mutation> {
    let Target {
        document, field, ..
    } = target;
    let (owner, _) = owner(field?);
    at(document, owner)["properties"]["brandNew"] = json!({ "type": "string" });
    Some(Mutation::harmless("add property"))
}

pub(super) fn add_operation(target: Target<'_>) -> Option<Mutation> {
    let Target {
        document,
        operation,
        ..
    } = target;
    let copy = at(document, &operation.pointer).clone();
    copy.get("responses")?;
    document["paths"]["/brand/new"] = json!({ "get": copy });
    Some(Mutation::harmless("add operation"))
}

pub(super) fn describe(target: Target<'_>) -> Option<Mutation> {
    let Target {
        document,
        operation,
        field,
        ..
    } = target;
    let schema = resolved(document, &field?.declaration);
    at(document, &schema)["description"] = "In other words.".into();
    at(document, &operation.pointer)["summary"] = "In other words.".into();
    Some(Mutation::harmless("describe"))
}

/// Gives a shared schema another name, and changes all references to it.
pub(super) fn rename_schema(target: Target<'_>) -> Option<Mutation> {
    let Target {
        document, field, ..
    } = target;
    let reference = at(document, &field?.declaration)
        .get("$ref")?
        .as_str()?
        .to_owned();
    let (place, name) = reference[1..].rsplit_once('/')?;
    let schema = at(document, place).as_object_mut()?.remove(name)?;
    at(document, place)["BrandNew"] = schema;
    let text = document.to_string().replace(
        &format!("\"{reference}\""),
        &format!("\"#{place}/BrandNew\""),
    );
    *document = serde_json::from_str(&text).expect("still JSON");
    Some(Mutation::harmless("rename schema"))
}

/// Replaces a reference by what it refers to.
pub(super) fn inline_reference(target: Target<'_>) -> Option<Mutation> {
    let Target {
        document, field, ..
    } = target;
    let field = field?;
    at(document, &field.declaration).get("$ref")?;
    let schema = resolved(document, &field.declaration);
    *at(document, &field.declaration) = at(document, &schema).clone();
    Some(Mutation::harmless("inline reference"))
}
