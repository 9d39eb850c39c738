//! An operation in the terms of OpenAPI 3, whichever the document is written in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Document, Schema};

/// What a document says about a method of a path.
pub(crate) struct Operation<'d> {
    document: &'d Document,
    path: &'d str,
    item: &'d Value,
    method: &'d Value,
}

/// A parameter of a request, its body excepted.
pub(crate) struct Parameter<'d> {
    pub(crate) name: &'d str,
    /// `query`, `header`, `path`, `cookie` or `formData`.
    pub(crate) location: &'d str,
    pub(crate) required: bool,
    pub(crate) schema: Schema<'d>,
    /// How the value is written: `style`, `explode` and the like.
    pub(crate) encoding: Vec<Option<&'d Value>>,
}

/// The body of a request or response: its schema, by media type.
pub(crate) struct Body<'d> {
    pub(crate) required: bool,
    pub(crate) contents: BTreeMap<String, Schema<'d>>,
    /// A reference that leads nowhere in this document.
    pub(crate) unresolved: Option<&'d str>,
}

impl Document {
    /// What this document says about an endpoint, as a consumer spells it.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let (path, item) = self.path_item(path)?;
        Some(Operation {
            document: self,
            path,
            item,
            method: item.get(method.to_lowercase())?,
        })
    }
}

impl<'d> Body<'d> {
    /// What a body of this media type is, if it may be of that type.
    pub(crate) fn content(&self, media: &str) -> Option<&Schema<'d>> {
        let range = media
            .split('/')
            .next()
            .map(|kind| format!("{kind}/*"))
            .unwrap_or_default();
        let mut names = [media, range.as_str(), "*/*"].into_iter();
        names.find_map(|name| self.contents.get(name))
    }
}

impl<'d> Operation<'d> {
    /// The parameters, by where they are and what they are called; those of the path by their
    /// place in it.
    pub(crate) fn parameters(&self) -> BTreeMap<(String, String), Parameter<'d>> {
        let raw = self
            .raw_parameters()
            .filter(|(_, it)| it.get("in") != Some(&"body".into()));
        raw.filter_map(|(unresolved, it)| self.parameter(unresolved, it))
            .collect()
    }

    fn parameter(
        &self,
        unresolved: Option<&'d str>,
        parameter: &'d Value,
    ) -> Option<((String, String), Parameter<'d>)> {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let name = unresolved.or_else(|| text("name"))?;
        let location = text("in").unwrap_or("unknown");
        let key = match location {
            "path" => self.path.find(&format!("{{{name}}}")).map_or_else(
                || name.to_owned(),
                |at| self.path[..at].matches('{').count().to_string(),
            ),
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        // Swagger 2 describes the value in the parameter itself.
        let content = parameter.get("content").and_then(Value::as_object);
        let content = content.and_then(|content| content.values().next()?.get("schema"));
        let schema = parameter.get("schema").or(content).unwrap_or(parameter);
        let encoding = ["style", "explode", "collectionFormat", "allowReserved"];
        let parameter = Parameter {
            name,
            location,
            required: is_true(parameter, "required"),
            schema: Schema::new(self.document, schema),
            encoding: encoding.map(|key| parameter.get(key)).to_vec(),
        };
        Some(((location.to_owned(), key), parameter))
    }

    /// Those of the path, then those of the method, which override them. With the reference of
    /// each that leads nowhere.
    fn raw_parameters(&self) -> impl Iterator<Item = (Option<&'d str>, &'d Value)> + use<'d> {
        let document = self.document;
        let of = |value: &'d Value| value.get("parameters").and_then(Value::as_array);
        let all = of(self.item).into_iter().chain(of(self.method)).flatten();
        all.map(move |parameter| match document.resolve(parameter) {
            Ok(parameter) => (None, parameter),
            Err(reference) => (Some(reference), parameter),
        })
    }

    /// The body of the request.
    pub(crate) fn request_body(&self) -> Option<Body<'d>> {
        if let Some(body) = self.method.get("requestBody") {
            return Some(self.body(body));
        }
        let mut raw = self.raw_parameters();
        let (_, body) = raw.find(|(_, it)| it.get("in") == Some(&"body".into()))?;
        let schema = self.schema_of(body);
        let media = self.media_types("consumes");
        Some(Body {
            required: is_true(body, "required"),
            contents: media
                .into_iter()
                .map(|media| (media, schema.clone()))
                .collect(),
            unresolved: None,
        })
    }

    /// The responses, by status: `200`, `2XX`, `default`.
    pub(crate) fn responses(&self) -> BTreeMap<String, Body<'d>> {
        let responses = self.method.get("responses").and_then(Value::as_object);
        let responses = responses.into_iter().flatten();
        let responses = responses.filter(|(status, _)| !status.starts_with("x-"));
        let upper = |status: &str| match status {
            "default" => status.to_owned(),
            _ => status.to_uppercase(),
        };
        responses
            .map(|(status, response)| (upper(status), self.body(response)))
            .collect()
    }

    fn body(&self, body: &'d Value) -> Body<'d> {
        let (body, unresolved) = match self.document.resolve(body) {
            Ok(body) => (body, None),
            Err(reference) => (body, Some(reference)),
        };
        let contents = if !self.document.is_swagger2() {
            let content = body.get("content").and_then(Value::as_object);
            let content = content.into_iter().flatten();
            content
                .map(|(media, value)| (media_type(media), self.schema_of(value)))
                .collect()
        } else if body.get("schema").is_some() {
            let media = self.media_types("produces").into_iter();
            media.map(|media| (media, self.schema_of(body))).collect()
        } else {
            BTreeMap::new()
        };
        Body {
            required: is_true(body, "required"),
            contents,
            unresolved,
        }
    }

    /// Without a schema, a value may be anything.
    fn schema_of(&self, value: &'d Value) -> Schema<'d> {
        Schema::all(self.document, value.get("schema"))
    }

    /// Swagger 2 lists media types apart from what they are of.
    fn media_types(&self, key: &str) -> Vec<String> {
        let listed = self.method.get(key).or_else(|| self.document.root.get(key));
        let listed = listed.and_then(Value::as_array).into_iter().flatten();
        let listed: Vec<_> = listed.filter_map(Value::as_str).map(media_type).collect();
        if listed.is_empty() {
            vec!["application/json".to_owned()]
        } else {
            listed
        }
    }

    /// The ways to authenticate, each a set of schemes and scopes. Empty if none is needed.
    pub(crate) fn security(&self) -> Vec<Vec<String>> {
        let security = self.method.get("security");
        let security = security.or_else(|| self.document.root.get("security"));
        let alternatives = security.and_then(Value::as_array).into_iter().flatten();
        let schemes = |alternative: &Value| {
            let schemes = alternative.as_object().into_iter().flatten();
            let each = schemes.flat_map(|(scheme, scopes)| {
                let scopes = scopes.as_array().into_iter().flatten();
                let scopes = scopes.map(move |scope| format!("{scheme} {scope}"));
                std::iter::once(scheme.clone()).chain(scopes)
            });
            each.collect()
        };
        alternatives.map(schemes).collect()
    }
}

/// A media type without parameters such as `charset`.
fn media_type(text: &str) -> String {
    text.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase()
}

fn is_true(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}
