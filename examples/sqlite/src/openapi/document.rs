//! A document: parsed from JSON or YAML.

use cvtplugin::{BoxError, Error, Result, ResultExt as _};
use serde::Deserialize;
use serde_json::Value;

use super::endpoints::PathIndex;
use super::pointer;

/// A document, and an index of its endpoints.
pub(crate) struct Document {
    pub(crate) root: Value,
    paths: PathIndex,
}

impl Document {
    /// Reads a document that was parsed when it was stored.
    ///
    /// # Errors
    ///
    /// `DataLoss` if it is not JSON any more.
    pub(crate) fn read(spec: &[u8]) -> Result<Self> {
        let root = serde_json::from_slice(spec)
            .map_err(|error| Error::data_loss("the stored document").with_source(error))?;
        Ok(Self::new(root))
    }

    pub(crate) fn new(root: Value) -> Self {
        let paths = PathIndex::new(&root);
        Self { root, paths }
    }

    pub(crate) fn is_swagger2(&self) -> bool {
        self.root.get("swagger").is_some()
    }

    /// Follows the references of `value`: see [`pointer::resolve`].
    pub(crate) fn resolve<'d>(&'d self, value: &'d Value) -> Result<&'d Value, &'d str> {
        pointer::resolve(&self.root, value)
    }

    /// The path as this document spells it, and what it says about it.
    pub(super) fn path_item(&self, path: &str) -> Option<(&str, &Value)> {
        let path = self.paths.find(path)?;
        let item = self.root.get("paths")?.get(path)?;
        Some((path, self.resolve(item).ok()?))
    }
}

/// What an import takes from a file.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The document in JSON, the one form that CVT reads.
    pub(crate) json: Vec<u8>,
    /// Its own version; empty if it has none.
    pub(crate) version: String,
}

/// Parses an OpenAPI 3 or Swagger 2 document in JSON or YAML.
///
/// # Errors
///
/// `InvalidArgument` if it is neither.
pub(crate) fn parse(text: &str) -> Result<Parsed> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        // YAML may start so too, and JSON's own error is the better one.
        let json = serde_json::from_str(text);
        let root: Value = json
            .or_else(|error| yaml(text).map_err(|_| error))
            .invalid_argument("neither JSON nor YAML: expected an OpenAPI document")?;
        let version = check(&root)?;
        return Ok(Parsed {
            json: text.as_bytes().to_vec(),
            version,
        });
    }
    let mut root: Value =
        yaml(text).invalid_argument("invalid YAML: expected an OpenAPI document")?;
    check(&root)?;
    let header: Header = yaml(text).invalid_argument("invalid `info`: expected a version")?;
    // YAML takes `version: 1.10` for the number 1.1.
    root["info"]["version"] = header.info.version.clone().into();
    for key in ["openapi", "swagger"] {
        if let Some(Value::Number(number)) = root.get(key) {
            root[key] = format!("{:.1}", number.as_f64().unwrap_or_default()).into();
        }
    }
    Ok(Parsed {
        json: root.to_string().into_bytes(),
        version: header.info.version,
    })
}

#[derive(Deserialize)]
struct Header {
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    version: String,
}

fn yaml<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, BoxError> {
    // The default limits fit config files; a document of 10 MB has more of everything. What they
    // are for, aliases that multiply, still ends soon.
    let budget = serde_saphyr::budget! {
        max_events: 20_000_000,
        max_nodes: 5_000_000,
        max_total_scalar_bytes: 256 * 1024 * 1024,
        max_depth: 120,
    };
    // `NO` is a country in documents, and no `false`.
    let options = serde_saphyr::options! { budget: budget, strict_booleans: true };
    Ok(serde_saphyr::from_str_with_options(text, options)?)
}

/// The document's own version, if it is one that CVT reads.
fn check(root: &Value) -> Result<String> {
    let is = |key: &str, version: &str| match root.get(key) {
        Some(Value::String(text)) => text.starts_with(version),
        Some(Value::Number(number)) => number.to_string().starts_with(version),
        _ => false,
    };
    if !is("openapi", "3") && !is("swagger", "2") {
        return Err(Error::invalid_argument(
            "not an OpenAPI document: expected `openapi: 3.x` or `swagger: \"2.0\"` at the top",
        ));
    }
    if !root.get("paths").is_none_or(Value::is_object) {
        return Err(Error::invalid_argument(
            "invalid `paths`: expected an object",
        ));
    }
    let version = root.pointer("/info/version");
    Ok(version
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned())
}
