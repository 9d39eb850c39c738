//! Changes of what an operation takes and responds.

use serde_json::{Value, json};

use super::mutation::{Mutation, Target, at};
use crate::walk::{Operation, Pointers};

pub(super) fn remove_operation(target: &mut Target<'_>) -> Option<Mutation> {
    let method = target.operation.method.to_lowercase();
    at(target.document, "/paths")[&target.operation.path]
        .as_object_mut()?
        .remove(&method);
    Some(Mutation::of_operation("remove operation", target.operation))
}

pub(super) fn remove_response(target: &mut Target<'_>) -> Option<Mutation> {
    let responses = at(target.document, &target.operation.pointer)
        .get_mut("responses")?
        .as_object_mut()?;
    let response = responses.remove("200")?;
    responses.insert("203".to_owned(), response);
    Some(Mutation::of_operation("remove response", target.operation))
}

pub(super) fn parameters<'v>(
    document: &'v mut Value,
    operation: &Operation,
) -> Option<&'v mut Vec<Value>> {
    let operation = at(document, &operation.pointer).as_object_mut()?;
    operation
        .entry("parameters")
        .or_insert_with(|| json!([]))
        .as_array_mut()
}

pub(super) fn parameter(document: &Value, required: bool) -> Value {
    if document.get("swagger").is_some() {
        json!({ "name": "brandNew", "in": "query", "required": required, "type": "string" })
    } else {
        let schema = json!({ "type": "string" });
        json!({ "name": "brandNew", "in": "query", "required": required, "schema": schema })
    }
}

pub(super) fn require_new_parameter(target: &mut Target<'_>) -> Option<Mutation> {
    let parameter = parameter(target.document, true);
    parameters(target.document, target.operation)?.push(parameter);
    Some(Mutation::of_operation(
        "require new parameter",
        target.operation,
    ))
}

pub(super) fn add_optional_parameter(target: &mut Target<'_>) -> Option<Mutation> {
    let parameter = parameter(target.document, false);
    parameters(target.document, target.operation)?.push(parameter);
    Some(Mutation::harmless("add optional parameter"))
}

pub(super) fn remove_parameter(target: &mut Target<'_>) -> Option<Mutation> {
    let parameters = parameters(target.document, target.operation)?;
    let removable = |it: &Value| it["in"] == "query" || it["in"] == "header";
    let indices: Vec<_> = (0..parameters.len())
        .filter(|it| removable(&parameters[*it]))
        .collect();
    parameters.remove(*target.rng.choice(&indices)?);
    Some(Mutation::of_operation("remove parameter", target.operation))
}

pub(super) fn require_parameter(target: &mut Target<'_>) -> Option<Mutation> {
    let parameters = parameters(target.document, target.operation)?;
    let optional = |it: &Value| it["in"] == "query" && it["required"] != true;
    let indices: Vec<_> = (0..parameters.len())
        .filter(|it| optional(&parameters[*it]))
        .collect();
    parameters[*target.rng.choice(&indices)?]["required"] = true.into();
    Some(Mutation::of_operation(
        "require parameter",
        target.operation,
    ))
}

pub(super) fn require_new_property(target: &mut Target<'_>) -> Option<Mutation> {
    let body = target.operation.body.as_ref()?;
    let object = at(target.document, body).as_object_mut()?;
    object.get("properties")?;
    object["properties"]["brandNew"] = json!({ "type": "string" });
    let required = object.entry("required").or_insert_with(|| json!([]));
    required.as_array_mut()?.push("brandNew".into());
    let sent = Pointers::from([body.clone()]);
    Some(Mutation {
        sent,
        ..Mutation::harmless("require new property")
    })
}
