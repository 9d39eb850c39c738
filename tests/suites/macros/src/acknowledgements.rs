//! Every way to return: a response, nothing, and errors of all kinds.

use std::fmt;

use cvtplugin::prelude::*;

/// An error that knows its codes.
#[derive(Debug)]
pub struct Offline;

impl fmt::Display for Offline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("offline")
    }
}

impl From<Offline> for Error {
    fn from(error: Offline) -> Self {
        Error::unavailable(error.to_string())
    }
}

/// Returns in every way.
#[derive(Default)]
pub struct Acknowledgements;

#[cvt_plugin(name = "acknowledgements", main = false)]
impl Acknowledgements {
    async fn fetch_schema(
        &self,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse, Offline> {
        match request.schema_id.as_str() {
            "" => Err(Offline),
            spec => Ok(FetchSchemaResponse::new(spec.to_owned())),
        }
    }

    async fn register_consumer_usage(
        &self,
        _: Context,
        _: RegisterConsumerUsageRequest,
    ) -> Result<RegisterConsumerUsageResponse, BoxError> {
        Ok(RegisterConsumerUsageResponse::new("7".parse::<u8>()? > 3))
    }

    fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<(), String> {
        Err("no".into())
    }

    fn on_validation_failed(
        &self,
        ctx: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        Ok(EventResponse::new(!ctx.is_cancelled()))
    }
}
