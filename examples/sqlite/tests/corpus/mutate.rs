//! Changes a document in one way, and knows whom that concerns.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::walk::{Field, Operation, Pointers, resolved};

/// A change of a document.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    /// Schemas that changed for the worse, for those who read them.
    pub(crate) read: Pointers,
    /// Schemas that changed for the worse, for those who send them.
    pub(crate) sent: Pointers,
    /// An operation that changed for the worse, whatever is read.
    pub(crate) operation: Option<String>,
}

impl Mutation {
    fn of_schema(name: &'static str, pointer: impl Into<String>) -> Self {
        Self {
            read: Pointers::from([pointer.into()]),
            ..Self::harmless(name)
        }
    }

    fn of_operation(name: &'static str, operation: &Operation) -> Self {
        Self {
            operation: Some(operation.pointer.clone()),
            ..Self::harmless(name)
        }
    }

    fn harmless(name: &'static str) -> Self {
        Self {
            name,
            read: Pointers::new(),
            sent: Pointers::new(),
            operation: None,
        }
    }
}

type Mutator = fn(&mut Value, &Operation, Option<&Field>, &mut Rng) -> Option<Mutation>;

const MUTATORS: [Mutator; 20] = [
    remove_property,
    retype,
    make_optional,
    make_nullable,
    widen_enum,
    replace_by_object,
    widen_enum,
    make_optional,
    remove_operation,
    remove_response,
    require_new_parameter,
    require_new_property,
    remove_parameter,
    require_parameter,
    add_property,
    add_operation,
    add_optional_parameter,
    describe,
    rename_schema,
    inline_reference,
];

/// Applies the mutator of this number, if it fits what a consumer uses.
pub(crate) fn mutate(
    number: usize,
    document: &mut Value,
    operation: &Operation,
    field: Option<&Field>,
    rng: &mut Rng,
) -> Option<Mutation> {
    MUTATORS[number % MUTATORS.len()](document, operation, field, rng)
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .expect("the pointer is of this document")
}

/// The object that declares a field, and the field's name.
fn owner(field: &Field) -> (&str, String) {
    let (owner, name) = field
        .declaration
        .rsplit_once("/properties/")
        .expect("it is a property");
    (owner, name.replace("~1", "/").replace("~0", "~"))
}

fn remove_property(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let field = field?;
    let (owner, name) = owner(field);
    let object = at(document, owner);
    object["properties"].as_object_mut()?.remove(&name);
    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|it| *it != name);
    }
    Some(Mutation::of_schema("remove property", &field.declaration))
}

fn retype(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let schema = resolved(document, &field?.declaration);
    let value = at(document, &schema).as_object_mut()?;
    let other = match value.get("type")?.as_str()? {
        "string" => "integer",
        "integer" | "number" | "boolean" => "string",
        _ => return None,
    };
    value.retain(|keyword, _| keyword == "description");
    value.insert("type".to_owned(), other.into());
    Some(Mutation::of_schema("retype", schema))
}

fn replace_by_object(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let field = field?;
    let was = at(document, &field.declaration).take();
    *at(document, &field.declaration) = json!({ "type": "object", "properties": { "value": was } });
    Some(Mutation::of_schema("replace by object", &field.declaration))
}

fn make_optional(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let field = field?;
    let (owner, name) = owner(field);
    let required = at(document, owner).get_mut("required")?.as_array_mut()?;
    let before = required.len();
    required.retain(|it| *it != name);
    let is_changed = required.len() < before;
    is_changed.then(|| Mutation::of_schema("make optional", &field.declaration))
}

fn make_nullable(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let is_latest = document["openapi"]
        .as_str()
        .is_some_and(|it| it.starts_with("3.1"));
    let is_swagger = document.get("swagger").is_some();
    let schema = resolved(document, &field?.declaration);
    let value = at(document, &schema).as_object_mut()?;
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

fn widen_enum(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let schema = resolved(document, &field?.declaration);
    let values = at(document, &schema).get_mut("enum")?.as_array_mut()?;
    values.push("brand-new".into());
    Some(Mutation::of_schema("widen enum", schema))
}

fn remove_operation(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let method = operation.method.to_lowercase();
    at(document, "/paths")[&operation.path]
        .as_object_mut()?
        .remove(&method);
    Some(Mutation::of_operation("remove operation", operation))
}

fn remove_response(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let responses = at(document, &operation.pointer)
        .get_mut("responses")?
        .as_object_mut()?;
    let response = responses.remove("200")?;
    responses.insert("203".to_owned(), response);
    Some(Mutation::of_operation("remove response", operation))
}

fn parameters<'v>(document: &'v mut Value, operation: &Operation) -> Option<&'v mut Vec<Value>> {
    let operation = at(document, &operation.pointer).as_object_mut()?;
    operation
        .entry("parameters")
        .or_insert_with(|| json!([]))
        .as_array_mut()
}

fn parameter(document: &Value, required: bool) -> Value {
    if document.get("swagger").is_some() {
        json!({ "name": "brandNew", "in": "query", "required": required, "type": "string" })
    } else {
        let schema = json!({ "type": "string" });
        json!({ "name": "brandNew", "in": "query", "required": required, "schema": schema })
    }
}

fn require_new_parameter(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let parameter = parameter(document, true);
    parameters(document, operation)?.push(parameter);
    Some(Mutation::of_operation("require new parameter", operation))
}

fn add_optional_parameter(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let parameter = parameter(document, false);
    parameters(document, operation)?.push(parameter);
    Some(Mutation::harmless("add optional parameter"))
}

fn remove_parameter(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    rng: &mut Rng,
) -> Option<Mutation> {
    let parameters = parameters(document, operation)?;
    let removable = |it: &Value| it["in"] == "query" || it["in"] == "header";
    let indices: Vec<_> = (0..parameters.len())
        .filter(|it| removable(&parameters[*it]))
        .collect();
    parameters.remove(*rng.choice(&indices)?);
    Some(Mutation::of_operation("remove parameter", operation))
}

fn require_parameter(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    rng: &mut Rng,
) -> Option<Mutation> {
    let parameters = parameters(document, operation)?;
    let optional = |it: &Value| it["in"] == "query" && it["required"] != true;
    let indices: Vec<_> = (0..parameters.len())
        .filter(|it| optional(&parameters[*it]))
        .collect();
    parameters[*rng.choice(&indices)?]["required"] = true.into();
    Some(Mutation::of_operation("require parameter", operation))
}

fn require_new_property(
    document: &mut Value,
    operation: &Operation,
    _: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let body = operation.body.as_ref()?;
    let object = at(document, body).as_object_mut()?;
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

fn add_property(
    document: &mut Value,
    _: &Operation,
    field: Option<&Field>,
    _: &mut Rng,
) -> Option<Mutation> {
    let (owner, _) = owner(field?);
    at(document, owner)["properties"]["brandNew"] = json!({ "type": "string" });
    Some(Mutation::harmless("add property"))
}

fn add_operation(
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

fn describe(
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
fn rename_schema(
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
fn inline_reference(
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
