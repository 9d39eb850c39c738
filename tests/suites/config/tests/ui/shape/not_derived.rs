use cvtplugin::prelude::*;

struct RestConfig {
    timeout_seconds: u64,
}

struct Rest;

#[cvt_plugin(name = "rest", main = false)]
impl Rest {
    fn new(_: RestConfig) -> Self {
        Self
    }

    fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

fn main() {}
