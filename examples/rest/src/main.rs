//! The REST registry bridge: CVT's schemas come from a registry, and what consumers use goes there.

use cvtplugin::prelude::*;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use url::{Position, Url};

/// A longer spec is refused, never cut.
const MAX_SPEC: u64 = 50 * 1024 * 1024;

#[derive(PluginConfig)]
struct RestConfig {
    /// Base URL of the registry's API.
    #[config(example = "https://registry.example.com/api/v1", parse_with = http_url)]
    base_url: Url,
    /// Bearer token sent with every request. No line breaks.
    #[config(parse_with = |text| HeaderValue::from_str(text).map(|_| text.into()))]
    token: Option<SecretString>,
}

struct RestRegistry {
    client: Client,
    config: RestConfig,
}

#[cvt_plugin]
impl RestRegistry {
    async fn new(config: RestConfig) -> Result<Self> {
        // Whom the system trusts; where that is nobody, plain HTTP still works.
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        for error in system.errors {
            tracing::warn!("a certificate of the system is left out: {error}");
        }
        roots.add_parsable_certificates(system.certs);
        let tls = ClientConfig::builder().with_root_certificates(roots);
        // Both requests may be sent twice: registering again changes nothing.
        let retries = retry::for_host(config.base_url.host_str().unwrap_or_default().to_owned());
        let retries = retries.classify_fn(|attempt| match attempt.status() {
            Some(status) if !status.is_server_error() => attempt.success(),
            _ => attempt.retryable(),
        });
        let client = Client::builder()
            .user_agent(concat!("cvt-plugin-rest/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls.with_no_client_auth())
            .retry(retries.max_retries_per_request(1).no_budget())
            .redirect(redirect::Policy::custom(redirect))
            .referer(false)
            .build()
            .internal("cannot make an HTTP client")?;
        Ok(Self { client, config })
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let id = given(&request.schema_id).invalid_argument("schema_id is empty")?;
        let version = given(&request.version).unwrap_or("latest");
        let get = self.request(Method::GET, &["schemas", id, "versions", version, "spec"])?;
        let get = get.header(ACCEPT, "application/json, application/yaml, */*");
        let mut response = send(get).await?;
        let announced = response.content_length();
        let mut spec = Vec::new();
        while let Some(chunk) = response.chunk().await.unavailable("the spec broke off")? {
            spec.extend_from_slice(&chunk);
            if announced.max(Some(spec.len() as u64)) > Some(MAX_SPEC) {
                return Err(Error::resource_exhausted("the spec is larger than 50 MiB"));
            }
        }
        let resolved = response.headers().get("x-schema-version");
        let resolved = resolved.and_then(|resolved| given(resolved.to_str().ok()?));
        Ok(FetchSchemaResponse::new(spec).resolved_version(resolved.unwrap_or(version)))
    }

    async fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        let id = given(&usage.schema_id).invalid_argument("schema_id is empty")?;
        given(&usage.consumer_id).invalid_argument("consumer_id is empty")?;
        let post = self.request(Method::POST, &["schemas", id, "consumers"])?;
        let endpoints = usage.endpoints.iter().map(|it| match &*it.used_fields {
            [] => json!({ "method": it.method, "path": it.path }),
            fields => json!({ "method": it.method, "path": it.path, "usedFields": fields }),
        });
        let mut body = json!({
            "consumerId": usage.consumer_id,
            "schemaVersion": usage.schema_version,
            "endpoints": endpoints.collect::<Vec<_>>(),
        });
        if !usage.environment.is_empty() {
            body["environment"] = usage.environment.into();
        }
        send(post.json(&body)).await.map(drop)
    }

    /// A request to the registry, each segment of its path encoded.
    fn request(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder> {
        // What `Url` would leave out in silence.
        let lost = |it: &&str| matches!(*it, "." | "..") || it.contains(['\t', '\n', '\r']);
        if segments.iter().any(lost) {
            return Err(Error::invalid_argument("no URL can carry this id"));
        }
        let mut url = self.config.base_url.clone();
        let path = url.path_segments_mut().ok();
        path.internal("base_url")?.pop_if_empty().extend(segments);
        let request = self.client.request(method, url);
        // With the token, if there is one.
        let token = self.config.token.iter().map(ExposeSecret::expose_secret);
        Ok(token.fold(request, RequestBuilder::bearer_auth))
    }
}

/// Sends a request, and makes an error of any answer but success.
async fn send(request: RequestBuilder) -> Result<Response> {
    let response = request.send().await.map_err(reqwest::Error::without_url);
    let response = response.unavailable("cannot reach the registry")?;
    let status = response.status();
    let code = match status.as_u16() {
        200..=299 => return Ok(response),
        404 => Code::NotFound,
        400..=499 => Code::InvalidArgument,
        _ => Code::Unavailable,
    };
    let place = &response.url()[Position::BeforeHost..Position::AfterPath];
    Err(Error::new(code, format!("{place} answered {status}")))
}

/// Follows, unless a POST would become a GET: that would succeed, and register nothing.
fn redirect(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let keeps_method = matches!(attempt.status().as_u16(), 307 | 308);
    match attempt.previous().first() {
        Some(first) if !keeps_method && first.path().ends_with("/consumers") => attempt.stop(),
        _ => redirect::Policy::default().redirect(attempt),
    }
}

/// What is not empty.
fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// `localhost:8080` alone would be a URL too.
fn http_url(text: &str) -> Result<Url, BoxError> {
    let url = Some(text.parse::<Url>()?).filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| "it has to begin with http:// or https://".into())
}
