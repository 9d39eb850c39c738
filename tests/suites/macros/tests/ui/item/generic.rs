use cvtplugin::prelude::*;

struct Rest<C> {
    client: C,
}

#[cvt_plugin(name = "rest")]
impl<C: Default + Send + Sync> Rest<C> {
    async fn new() -> Self {
        let client = C::default();
        Self { client }
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
