//! Finds the endpoint that a consumer names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::servers;

/// The paths of a document, by their shape: names of parameters make no difference.
pub(super) struct PathIndex {
    by_shape: BTreeMap<String, String>,
    bases: Vec<String>,
}

impl PathIndex {
    pub(super) fn new(root: &Value) -> Self {
        let paths = root.get("paths").and_then(Value::as_object);
        let paths = paths.into_iter().flatten().map(|(path, _)| path);
        Self {
            by_shape: paths.map(|path| (shape(path), path.clone())).collect(),
            bases: servers::base_paths(root),
        }
    }

    /// The document's own spelling of a path.
    pub(super) fn find(&self, path: &str) -> Option<&str> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let own = || self.find_below_base(path);
        own().or_else(|| {
            let mut below = self
                .bases
                .iter()
                .filter_map(|base| path.strip_prefix(base.as_str()));
            below.find_map(|path| self.find_below_base(path))
        })
    }

    fn find_below_base(&self, path: &str) -> Option<&str> {
        let shape = shape(path);
        let exact = self.by_shape.get(&shape);
        // A path with values in the place of parameters, such as `/pets/7`: the one with the
        // fewest parameters, as OpenAPI says.
        let matching = || {
            let mut all: Vec<_> = self.by_shape.iter().collect();
            all.retain(|(template, _)| matches(template, &shape));
            all.into_iter()
                .min_by_key(|(template, _)| template.matches("{}").count())
        };
        exact
            .or_else(|| matching().map(|(_, path)| path))
            .map(String::as_str)
    }
}

/// Whether two paths name the same endpoint.
pub(crate) fn same_path(one: &str, other: &str) -> bool {
    let (one, other) = (shape(one), shape(other));
    one == other || matches(&one, &other) || matches(&other, &one)
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        match (segment.find('{'), segment.rfind('}')) {
            (Some(open), Some(close)) if open < close => {
                format!("{}{{}}{}", &segment[..open], &segment[close + 1..])
            }
            _ if segment.len() > 1 && segment.starts_with(':') => "{}".to_owned(),
            _ => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Whether a template takes a path.
fn matches(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let taken = template.split('/').all(|template| {
        let Some(segment) = segments.next() else {
            return false;
        };
        match template.split_once("{}") {
            Some((before, after)) => {
                let inner = segment
                    .strip_prefix(before)
                    .and_then(|it| it.strip_suffix(after));
                inner.is_some_and(|it| !it.is_empty())
            }
            None => template == segment,
        }
    });
    taken && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::Document;

    fn find(path: &str) -> Option<String> {
        let document = Document::new(json!({
            "servers": [{ "url": "https://example.com/api/v1" }],
            "paths": {
                "/pets": {}, "/pets/{id}": {}, "/pets/mine": {}, "/pets/{id}/toys/{toy}.json": {},
            },
        }));
        document.path_item(path).map(|(path, _)| path.to_owned())
    }

    #[test]
    fn paths_are_found_whatever_their_parameters_are_called() {
        assert_eq!(find("/pets/{petId}").as_deref(), Some("/pets/{id}"));
        assert_eq!(find("/pets/:id").as_deref(), Some("/pets/{id}"));
        assert_eq!(find("/pets/").as_deref(), Some("/pets"));
        assert_eq!(find("/pets?limit=3").as_deref(), Some("/pets"));
    }

    #[test]
    fn paths_are_found_by_values() {
        assert_eq!(find("/pets/7").as_deref(), Some("/pets/{id}"));
        assert_eq!(find("/pets/mine").as_deref(), Some("/pets/mine"));
        let toys = "/pets/{id}/toys/{toy}.json";
        assert_eq!(find("/pets/7/toys/ball.json").as_deref(), Some(toys));
        assert_eq!(find("/api/v1/pets/7").as_deref(), Some("/pets/{id}"));
    }

    #[test]
    fn paths_that_are_not_there_are_not_found() {
        for path in [
            "/pet",
            "/pets/7/toys",
            "/pets/7/toys/ball.xml",
            "",
            "/api/v2/pets",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
