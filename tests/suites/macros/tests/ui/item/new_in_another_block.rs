use cvtplugin::prelude::*;

struct Rest {
    url: String,
}

impl Rest {
    pub fn new() -> Self {
        Self { url: String::new() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
