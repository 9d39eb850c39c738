use cvtplugin::prelude::*;

struct Rest;

#[cvt_plugin(name = "rest")]
impl cvtplugin::EventHandler for Rest {
    async fn on_validation_failed(
        &self,
        _: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        Ok(EventResponse::new(true))
    }
}
