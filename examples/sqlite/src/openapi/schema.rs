//! A schema with its references resolved and its `allOf` merged.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Document, pointer};

/// All that has to hold for a value: the objects that say so, each a part of the document.
///
/// Subschemas are made on demand, so that schemas may refer to themselves.
#[derive(Clone)]
pub(crate) struct Schema<'d> {
    document: &'d Document,
    parts: Vec<&'d Map<String, Value>>,
    pub(crate) nullable: bool,
    pub(crate) unions: Vec<Union<'d>>,
    /// References that lead nowhere in this document.
    pub(crate) unresolved: BTreeSet<&'d str>,
    /// The schema `false`, which takes nothing.
    pub(crate) never: bool,
}

/// Variants of which one or any has to hold.
#[derive(Clone)]
pub(crate) struct Union<'d> {
    /// `oneOf` or `anyOf`.
    pub(crate) keyword: &'static str,
    variants: Vec<&'d Value>,
}

impl<'d> Schema<'d> {
    pub(crate) fn new(document: &'d Document, value: &'d Value) -> Self {
        Self::all(document, [value])
    }

    /// All of `values` at once; of none, a schema that takes anything.
    pub(super) fn all(document: &'d Document, values: impl IntoIterator<Item = &'d Value>) -> Self {
        let mut schema = Self {
            document,
            parts: Vec::new(),
            nullable: false,
            unions: Vec::new(),
            unresolved: BTreeSet::new(),
            never: false,
        };
        for value in values {
            schema.merge(value);
        }
        schema
    }

    /// Adds what `value` says.
    fn merge(&mut self, value: &'d Value) {
        let Value::Object(part) = value else {
            self.never |= value == &Value::Bool(false);
            return;
        };
        if self.parts.iter().any(|it| std::ptr::eq(*it, part)) {
            return;
        }
        self.parts.push(part);
        if let Some(reference) = pointer::reference(value) {
            match pointer::target(&self.document.root, reference) {
                Some(target) => self.merge(target),
                None => drop(self.unresolved.insert(reference)),
            }
        }
        self.nullable |= allows_null(part);
        for value in part
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.merge(value);
        }
        for keyword in ["oneOf", "anyOf"] {
            self.merge_union(keyword, part.get(keyword));
        }
    }

    /// A choice between null and one other schema is that schema, made nullable.
    fn merge_union(&mut self, keyword: &'static str, variants: Option<&'d Value>) {
        let variants = variants.and_then(Value::as_array).into_iter().flatten();
        let (null, others): (Vec<_>, Vec<_>) = variants.partition(|it| is_null(it));
        self.nullable |= !null.is_empty();
        match *others {
            [] => {}
            [only] => self.merge(only),
            _ => self.unions.push(Union {
                keyword,
                variants: others,
            }),
        }
    }

    /// What tells this schema from others of its document.
    pub(crate) fn identity(&self) -> Vec<usize> {
        self.parts
            .iter()
            .map(|part| std::ptr::from_ref(*part).addr())
            .collect()
    }

    /// The types that a value may have, null left out. Empty if it may have any.
    pub(crate) fn types(&self) -> BTreeSet<&'d str> {
        let mut allowed: Option<BTreeSet<_>> = None;
        for part in &self.parts {
            let types = types(part);
            if types.is_empty() {
                continue;
            }
            allowed = Some(match allowed {
                None => types,
                Some(before) => narrowed(&before, &types),
            });
        }
        allowed.unwrap_or_else(|| self.implied_type().into_iter().collect())
    }

    /// Many documents leave the type out where it is clear.
    fn implied_type(&self) -> Option<&'static str> {
        let has = |keyword| self.parts.iter().any(|part| part.contains_key(keyword));
        match (has("properties"), has("items")) {
            (true, _) => Some("object"),
            (_, true) => Some("array"),
            _ => None,
        }
    }

    /// The values that are allowed; `None` if all are.
    pub(crate) fn allowed_values(&self) -> Option<Vec<&'d Value>> {
        let mut allowed: Option<Vec<&Value>> = None;
        for part in &self.parts {
            let values = match (part.get("enum"), part.get("const")) {
                (Some(Value::Array(values)), _) => values.iter().collect(),
                (_, Some(value)) => vec![value],
                _ => continue,
            };
            match &mut allowed {
                None => allowed = Some(values),
                Some(allowed) => allowed.retain(|value| values.contains(value)),
            }
        }
        allowed
    }

    /// The values of a keyword, in all that has to hold.
    pub(crate) fn keyword(&self, keyword: &str) -> Vec<&'d Value> {
        self.parts
            .iter()
            .filter_map(|part| part.get(keyword))
            .collect()
    }

    /// Whether a keyword is there and true.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.keyword(keyword).contains(&&Value::Bool(true))
    }

    pub(crate) fn property_names(&self) -> BTreeSet<&'d str> {
        let objects = self
            .keyword("properties")
            .into_iter()
            .filter_map(Value::as_object);
        objects.flatten().map(|(name, _)| name.as_str()).collect()
    }

    pub(crate) fn property(&self, name: &str) -> Option<Self> {
        let all = self.keyword("properties");
        self.below(all.into_iter().filter_map(|it| it.get(name)).collect())
    }

    pub(crate) fn required(&self) -> BTreeSet<&'d str> {
        let lists = self
            .keyword("required")
            .into_iter()
            .filter_map(Value::as_array);
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// What an array's elements are.
    pub(crate) fn items(&self) -> Option<Self> {
        self.below(self.keyword("items"))
    }

    /// What the values of a map are.
    pub(crate) fn map_values(&self) -> Option<Self> {
        let all = self.keyword("additionalProperties");
        self.below(all.into_iter().filter(|it| it.is_object()).collect())
    }

    /// Whether an object may have no properties but those that are named.
    pub(crate) fn is_closed(&self) -> bool {
        self.keyword("additionalProperties")
            .contains(&&Value::Bool(false))
    }

    fn below(&self, values: Vec<&'d Value>) -> Option<Self> {
        (!values.is_empty()).then(|| Self::all(self.document, values))
    }

    /// The variants of a union of this schema.
    pub(crate) fn variants(&self, union: &Union<'d>) -> Vec<Variant<'d>> {
        let variants = union.variants.iter();
        let variants = variants.map(|value| Variant {
            name: pointer::reference(value),
            schema: Self::new(self.document, value),
        });
        variants.collect()
    }

    /// Follows the references of a value that is part of this schema.
    pub(crate) fn resolve(&self, value: &'d Value) -> Result<&'d Value, &'d str> {
        self.document.resolve(value)
    }
}

/// One of a union's variants.
pub(crate) struct Variant<'d> {
    /// The reference that it is, if it is one.
    pub(crate) name: Option<&'d str>,
    pub(crate) schema: Schema<'d>,
}

fn types(part: &Map<String, Value>) -> BTreeSet<&str> {
    let types = match part.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    types.into_iter().filter(|name| *name != "null").collect()
}

/// What both allow. Every integer is a number.
fn narrowed<'d>(one: &BTreeSet<&'d str>, other: &BTreeSet<&'d str>) -> BTreeSet<&'d str> {
    let allows = |types: &BTreeSet<&str>, name: &str| {
        types.contains(name) || name == "integer" && types.contains("number")
    };
    let in_other = one.iter().filter(|name| allows(other, name));
    let in_one = other.iter().filter(|name| allows(one, name));
    in_other.chain(in_one).copied().collect()
}

fn allows_null(part: &Map<String, Value>) -> bool {
    let flag = |key| part.get(key) == Some(&Value::Bool(true));
    let listed = part.get("type").and_then(Value::as_array);
    flag("nullable") || flag("x-nullable") || listed.is_some_and(|it| it.contains(&"null".into()))
}

fn is_null(value: &Value) -> bool {
    let only_null = |key: &str| value.get(key) == Some(&Value::Array(vec![Value::Null]));
    value.get("type") == Some(&"null".into()) || only_null("enum")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        Document::new(json!({ "schemas": {
            "Pet": {
                "allOf": [
                    { "$ref": "#/schemas/Named" },
                    { "properties": { "owner": { "$ref": "#/schemas/Pet" } }, "required": ["owner"] },
                ],
            },
            "Named": { "type": "object", "properties": { "name": { "type": "string" } } },
            "Loop": { "allOf": [{ "$ref": "#/schemas/Loop" }] },
            "Maybe": { "anyOf": [{ "$ref": "#/schemas/Named" }, { "type": "null" }] },
            "Either": { "oneOf": [{ "$ref": "#/schemas/Named" }, { "type": "string" }] },
            "Number": { "allOf": [{ "type": ["integer", "string"] }, { "type": "number" }] },
            "Lost": { "$ref": "other.yaml#/Pet" },
        } }))
    }

    fn schema<'d>(document: &'d Document, name: &str) -> Schema<'d> {
        Schema::new(document, &document.root["schemas"][name])
    }

    #[test]
    fn all_of_is_merged_through_references() {
        let document = document();
        let pet = schema(&document, "Pet");
        assert_eq!(pet.types(), BTreeSet::from(["object"]));
        assert_eq!(pet.property_names(), BTreeSet::from(["name", "owner"]));
        assert_eq!(pet.required(), BTreeSet::from(["owner"]));
        let grandparent = pet.property("owner").and_then(|it| it.property("owner"));
        assert!(grandparent.is_some_and(|it| it.property("name").is_some()));
        assert!(schema(&document, "Loop").types().is_empty());
        assert_eq!(
            schema(&document, "Number").types(),
            BTreeSet::from(["integer"])
        );
    }

    #[test]
    fn choice_with_null_is_nullable() {
        let document = document();
        let maybe = schema(&document, "Maybe");
        assert!(maybe.nullable && maybe.unions.is_empty());
        assert!(maybe.property("name").is_some());
        let either = schema(&document, "Either");
        assert!(!either.nullable);
        assert_eq!(either.variants(&either.unions[0]).len(), 2);
    }

    #[test]
    fn reference_to_elsewhere_is_kept() {
        let document = document();
        assert!(
            schema(&document, "Lost")
                .unresolved
                .contains("other.yaml#/Pet")
        );
    }
}
