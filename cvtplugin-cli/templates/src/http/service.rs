//! The service behind the plugin: an HTTP API. Put your own requests here.

use cvtplugin::prelude::*;
use cvtplugin_http::{HttpClient, Request, StatusCode, join_path};
use serde_json::Value;

use crate::Config;
// {{#registry}}

/// A longer schema is refused.
const MAX_SCHEMA: u64 = 50 * 1024 * 1024;
// {{/registry}}

pub(crate) struct Service {
    http: HttpClient,
    config: Config,
}

impl Service {
    pub(crate) fn new(config: Config) -> Result<Self> {
        let agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let http = HttpClient::builder(agent).build()?;
        Ok(Self { http, config })
    }
    // {{#registry}}

    /// The schema of this id: `GET {base_url}/schemas/{id}`.
    pub(crate) async fn schema(&self, ctx: &Context, id: &str) -> Result<FetchSchemaResponse> {
        let url = join_path(&self.config.base_url, ["schemas", id])?;
        let response = self.authorized(self.http.get(url))?;
        let response = response.deadline(ctx.deadline()).send().await?;
        let response = response.success(code_of)?;
        let version = response.header("x-schema-version").unwrap_or_default();
        let version = version.to_owned();
        let spec = response.bytes(MAX_SCHEMA).await?;
        Ok(FetchSchemaResponse::new(spec).resolved_version(version))
    }
    // {{/registry}}

    /// Tells the service something: `POST {base_url}/{path}`.
    pub(crate) async fn post(&self, ctx: &Context, path: &str, body: &Value) -> Result<()> {
        let url = join_path(&self.config.base_url, [path])?;
        let request = self.authorized(self.http.post(url))?.json(body);
        let response = request.deadline(ctx.deadline()).send().await?;
        response.success(code_of).map(drop)
    }

    fn authorized(&self, request: Request) -> Result<Request> {
        match &self.config.token {
            Some(token) => request.bearer(token),
            None => Ok(request),
        }
    }
}

/// The code of an error for a status that is no success.
fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        404 => Code::NotFound,
        400..=499 => Code::InvalidArgument,
        _ => Code::Unavailable,
    }
}
