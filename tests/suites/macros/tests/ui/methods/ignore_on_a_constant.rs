use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    #[cvt_plugin(ignore)]
    const LIMIT: usize = 3;

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        assert!(event.errors.len() < Self::LIMIT);
        Ok(())
    }
}
