// 5 mistakes
use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = 5, version = env!("VERSION"), main = "no", worker_threads = 0, crate = 1)]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
