//! Methods under `#[cfg]`: `any()` never holds.

use cvtplugin::prelude::*;

/// Twins, of which one is there, and methods that are not there at all.
pub struct Twins {
    made_by: &'static str,
}

#[cvt_plugin(name = "twins", main = false)]
impl Twins {
    #[cfg(not(any()))]
    async fn new() -> Self {
        let made_by = "the first";
        Self { made_by }
    }

    #[cfg(any())]
    fn new(missing: Missing) -> Self {
        missing.make()
    }

    #[cfg(any())]
    async fn fetch_schema(&self, missing: Missing) -> Missing {
        missing
    }

    #[cfg(not(any()))]
    fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(self.made_by))
    }

    #[cfg(not(any()))]
    #[cfg(any())]
    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    #[cfg(any())]
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }

    #[cfg(any())]
    fn health(&self) -> Missing {}
}
