//! Changes that break nobody.

use fastrand::Rng;
use serde_json::{Value, json};

use super::fields::owner;
use super::{Mutation, at};
use crate::walk::{Field, Operation, resolved};

pub(super) fn add_property(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let (owner, _) = owner(field?);
    at(document, owner)["properties"]["brandNew"] = json!({ "type": "string" });
    Some(Mutation::harmless("add property"))
}

pub(super) fn add_operation(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let copy = at(document, &operation.pointer).clone();
    copy.get("responses")?;
    document["paths"]["/brand/new"] = json!({ "get": copy });
    Some(Mutation::harmless("add operation"))
}

pub(super) fn describe(
    document: &mut Value,
    operation: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let schema = resolved(document, &field?.declaration);
    at(document, &schema)["description"] = "Said in other words.".into();
    at(document, &operation.pointer)["summary"] = "Said in other words.".into();
    Some(Mutation::harmless("describe"))
}

/// Gives a shared schema another name, and changes all references to it.
pub(super) fn rename_schema(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
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
pub(super) fn inline_reference(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let field = field?;
    at(document, &field.declaration).get("$ref")?;
    let schema = resolved(document, &field.declaration);
    *at(document, &field.declaration) = at(document, &schema).clone();
    Some(Mutation::harmless("inline reference"))
}
