//! Walks a document's schemas, by a way of its own: what it finds is held against the plugin.
//!
//! A schema is named by its JSON pointer in the document, after references.

use std::collections::BTreeSet;

use serde_json::Value;

/// Pointers of schemas.
pub(crate) type Pointers = BTreeSet<String>;

/// How deep the fields go that consumers read.
const MAX_DEPTH: usize = 3;

/// A field of a response.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) path: String,
    /// Where the field itself is declared.
    pub(crate) declaration: String,
    /// All that the path leads through, and all below it.
    pub(crate) trace: Pointers,
}

/// A method of a path.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) pointer: String,
    pub(crate) fields: Vec<Field>,
    /// Whether it responds with anything that has fields to declare.
    pub(crate) has_body: bool,
    /// The schemas of its request.
    pub(crate) request: Pointers,
    /// The schema of its body.
    pub(crate) body: Option<String>,
}

pub(crate) fn escaped(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// The pointer that a pointer leads to through references.
pub(crate) fn resolved(document: &Value, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    while let Some(next) = document
        .pointer(&pointer)
        .and_then(|it| it.get("$ref")?.as_str())
    {
        next[1..].clone_into(&mut pointer);
    }
    pointer
}

/// The operations that respond with JSON.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_some() {
                let pointer = format!("/paths/{}/{method}", escaped(path));
                operations.push(operation(document, method, path, pointer));
            }
        }
    }
    operations
}

fn operation(document: &Value, method: &str, path: &str, pointer: String) -> Operation {
    let mut fields = Vec::new();
    for status in ["200", "201", "202"] {
        let response = resolved(document, &format!("{pointer}/responses/{status}"));
        let json = format!("{response}/content/application~1json/schema");
        for schema in [json, format!("{response}/schema")] {
            if document.pointer(&schema).is_some() {
                collect(
                    document,
                    &schema,
                    &mut Vec::new(),
                    &Pointers::new(),
                    &mut fields,
                );
            }
        }
    }
    let responses = document
        .pointer(&format!("{pointer}/responses"))
        .and_then(Value::as_object);
    let mut bodies = responses.into_iter().flatten().filter(|(status, _)| {
        let response = resolved(document, &format!("{pointer}/responses/{status}"));
        let response = document.pointer(&response);
        let has = |key| response.is_some_and(|it| it.get(key).is_some());
        (status.starts_with('2') || *status == "default") && (has("content") || has("schema"))
    });
    let has_body = bodies.next().is_some();
    let (request, body) = request(document, &pointer);
    let (method, path) = (method.to_uppercase(), path.to_owned());
    Operation {
        method,
        path,
        pointer,
        fields,
        has_body,
        request,
        body,
    }
}

fn request(document: &Value, operation: &str) -> (Pointers, Option<String>) {
    let mut request = Pointers::new();
    let mut body = None;
    let requested = resolved(document, &format!("{operation}/requestBody"));
    let content = document
        .pointer(&format!("{requested}/content"))
        .and_then(Value::as_object);
    for media in content
        .into_iter()
        .flatten()
        .map(|(media, _)| escaped(media))
    {
        let schema = format!("{requested}/content/{media}/schema");
        body = document
            .pointer(&schema)
            .map(|_| resolved(document, &schema))
            .or(body);
        reach(document, &schema, &mut request);
    }
    let item = operation.rsplit_once('/').map_or("", |(item, _)| item);
    for owner in [item, operation] {
        let parameters = document.pointer(&format!("{owner}/parameters"));
        for index in 0..parameters.and_then(Value::as_array).map_or(0, Vec::len) {
            let parameter = resolved(document, &format!("{owner}/parameters/{index}"));
            reach(document, &format!("{parameter}/schema"), &mut request);
            request.insert(parameter);
        }
    }
    (request, body)
}

/// Collects the fields of a schema: arrays are passed through, variants are not looked into.
fn collect(
    document: &Value,
    schema: &str,
    path: &mut Vec<String>,
    above: &Pointers,
    fields: &mut Vec<Field>,
) {
    if path.len() >= MAX_DEPTH {
        return;
    }
    let parts = parts(document, schema);
    let mut trace = above.clone();
    trace.extend(parts.iter().cloned());
    for part in &parts {
        let here = document.pointer(part).expect("it was resolved");
        let properties = here.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flatten().map(|(name, _)| name) {
            if name.contains('.') || path.contains(name) {
                continue;
            }
            let declaration = format!("{part}/properties/{}", escaped(name));
            let mut below = trace.clone();
            reach(document, &declaration, &mut below);
            path.push(name.clone());
            fields.push(Field {
                path: path.join("."),
                declaration: declaration.clone(),
                trace: below,
            });
            let mut through = trace.clone();
            through.insert(declaration.clone());
            collect(document, &declaration, path, &through, fields);
            path.pop();
        }
        if here.get("items").is_some() {
            collect(document, &format!("{part}/items"), path, &trace, fields);
        }
    }
}

/// A schema, and what it is made of by `allOf`.
fn parts(document: &Value, schema: &str) -> Vec<String> {
    let schema = resolved(document, schema);
    let all = document
        .pointer(&schema)
        .and_then(|it| it.get("allOf")?.as_array());
    let count = all.map_or(0, Vec::len);
    let mut found = vec![schema.clone()];
    for index in 0..count {
        found.extend(parts(document, &format!("{schema}/allOf/{index}")));
    }
    found
}

/// All schemas that are reached from one.
pub(crate) fn reach(document: &Value, schema: &str, reached: &mut Pointers) {
    let Some(here) = document.pointer(schema) else {
        return;
    };
    if !reached.insert(schema.to_owned()) {
        return;
    }
    if here.get("$ref").is_some() {
        reach(document, &resolved(document, schema), reached);
    }
    for (keyword, below) in here.as_object().into_iter().flatten() {
        match (keyword.as_str(), below) {
            ("properties", Value::Object(properties)) => {
                for name in properties.keys() {
                    reach(
                        document,
                        &format!("{schema}/properties/{}", escaped(name)),
                        reached,
                    );
                }
            }
            ("items" | "additionalProperties" | "not", Value::Object(_)) => {
                reach(document, &format!("{schema}/{keyword}"), reached);
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(variants)) => {
                for index in 0..variants.len() {
                    reach(document, &format!("{schema}/{keyword}/{index}"), reached);
                }
            }
            _ => {}
        }
    }
}
