//! Changes that break nobody.

use serde_json::json;

use super::fields::owner;
use super::mutation::{Mutation, Target, at};
use crate::walk::resolved;

pub(super) fn add_property(target: &mut Target<'_>) -> Option<Mutation> {
    let (owner, _) = owner(target.field?);
    at(target.document, owner)["properties"]["brandNew"] = json!({ "type": "string" });
    Some(Mutation::harmless("add property"))
}

pub(super) fn add_operation(target: &mut Target<'_>) -> Option<Mutation> {
    let copy = at(target.document, &target.operation.pointer).clone();
    copy.get("responses")?;
    target.document["paths"]["/brand/new"] = json!({ "get": copy });
    Some(Mutation::harmless("add operation"))
}

pub(super) fn describe(target: &mut Target<'_>) -> Option<Mutation> {
    let schema = resolved(target.document, &target.field?.declaration);
    at(target.document, &schema)["description"] = "In other words.".into();
    at(target.document, &target.operation.pointer)["summary"] = "In other words.".into();
    Some(Mutation::harmless("describe"))
}

/// Gives a shared schema another name, and changes all references to it.
pub(super) fn rename_schema(target: &mut Target<'_>) -> Option<Mutation> {
    let reference = at(target.document, &target.field?.declaration)
        .get("$ref")?
        .as_str()?
        .to_owned();
    let (place, name) = reference[1..].rsplit_once('/')?;
    let schema = at(target.document, place).as_object_mut()?.remove(name)?;
    at(target.document, place)["BrandNew"] = schema;
    let text = target.document.to_string().replace(
        &format!("\"{reference}\""),
        &format!("\"#{place}/BrandNew\""),
    );
    *target.document = serde_json::from_str(&text).expect("still JSON");
    Some(Mutation::harmless("rename schema"))
}

/// Replaces a reference by what it refers to.
pub(super) fn inline_reference(target: &mut Target<'_>) -> Option<Mutation> {
    let field = target.field?;
    at(target.document, &field.declaration).get("$ref")?;
    let schema = resolved(target.document, &field.declaration);
    *at(target.document, &field.declaration) = at(target.document, &schema).clone();
    Some(Mutation::harmless("inline reference"))
}
