//! The REST registry bridge: CVT's schemas come from a registry, and what consumers use goes there.

mod cache;
mod spec;

use cvtplugin::prelude::*;
use cvtplugin_http::header::{ACCEPT, HeaderMap, HeaderValue};
use cvtplugin_http::{HttpClient, Request, Retry, StatusCode, Url, http_url, join_path};
use serde_json::json;

use crate::cache::{Cache, Lookup};
use crate::spec::Spec;

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
    http: HttpClient,
    config: RestConfig,
    cache: Cache,
}

#[cvt_plugin]
impl RestRegistry {
    fn new(config: RestConfig) -> Result<Self> {
        let http = HttpClient::builder(concat!("cvt-plugin-rest/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            http: http.paths_in_errors(true).build()?,
            config,
            cache: Cache::default(),
        })
    }

    async fn fetch_schema(
        &self,
        ctx: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        let id = non_empty(&request.schema_id).invalid_argument("schema_id is empty")?;
        let version = non_empty(&request.version);
        let path = [
            "schemas",
            id,
            "versions",
            version.unwrap_or("latest"),
            "spec",
        ];
        let url = join_path(&self.config.base_url, path)?;
        let accept = HeaderValue::from_static("application/json, application/yaml, */*");
        let headers = HeaderMap::from_iter([(ACCEPT, accept)]);
        let lookup = match self.cache.look_up(&url, headers) {
            Lookup::Fresh(schema) => return Ok(schema),
            Lookup::Ask(lookup) => lookup,
        };
        let get = self.http.get(url).headers(lookup.headers().clone());
        let response = self
            .authorized(get)?
            .deadline(ctx.deadline())
            .send()
            .await?;
        if let Some(schema) = self.cache.confirm(&lookup, &response) {
            return Ok(schema);
        }
        let response = response.success(code_of)?;
        if matches!(response.status().as_u16(), 204..=206) {
            return Err(response.error(Code::Unavailable));
        }
        let stored = lookup.policy(&response);
        let told = response.header("x-schema-version").map(str::to_owned);
        let spec = Spec::read(response.bytes(MAX_SPEC).await?)?;
        let resolved = told.as_deref().or(version).or(spec.version.as_deref());
        let schema = FetchSchemaResponse::new(spec.json);
        let schema = schema.resolved_version(resolved.unwrap_or("latest"));
        self.cache.keep(stored, &schema);
        Ok(schema)
    }

    async fn register_consumer_usage(
        &self,
        ctx: Context,
        usage: RegisterConsumerUsageRequest,
    ) -> Result<()> {
        let id = non_empty(&usage.schema_id).invalid_argument("schema_id is empty")?;
        non_empty(&usage.consumer_id).invalid_argument("consumer_id is empty")?;
        let url = join_path(&self.config.base_url, ["schemas", id, "consumers"])?;
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
        // Registering again changes nothing.
        let post = self.http.post(url).json(&body).retry(Retry::OnFailure);
        let response = self
            .authorized(post)?
            .deadline(ctx.deadline())
            .send()
            .await?;
        response.success(code_of).map(drop)
    }

    fn authorized(&self, request: Request) -> Result<Request> {
        match &self.config.token {
            Some(token) => request.bearer(token),
            None => Ok(request),
        }
    }
}

fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        404 => Code::NotFound,
        400..=499 => Code::InvalidArgument,
        _ => Code::Unavailable,
    }
}

fn non_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
