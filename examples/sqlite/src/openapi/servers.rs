//! Below which paths the endpoints are.

use serde_json::Value;

/// The paths of the servers' URLs, without a slash at the end; `""` if the document names none.
pub(crate) fn base_paths(root: &Value) -> Vec<String> {
    let base = root.get("basePath").and_then(Value::as_str);
    let servers = root.get("servers").and_then(Value::as_array);
    let urls = servers
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("url")?.as_str());
    let mut paths: Vec<_> = base.into_iter().chain(urls).map(path_of).collect();
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
}

fn path_of(url: &str) -> String {
    let below = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/').map_or("", |slash| &rest[slash..])
    });
    below.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn base_paths_are_those_of_the_servers() {
        let of = |root| base_paths(&root);
        assert_eq!(of(json!({})), [""]);
        assert_eq!(of(json!({ "basePath": "/v2/" })), ["/v2"]);
        let servers = ["https://example.com/v1/", "{scheme}://{host}", "/v3"];
        let servers = servers.map(|url| json!({ "url": url }));
        assert_eq!(of(json!({ "servers": servers })), ["/v1", "", "/v3"]);
    }
}
