// 2 hooks
use cvtplugin::prelude::*;

#[derive(Default)]
pub struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    pub async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

impl Rest {
    pub async fn set_config(&self, _key: String, _value: SecretString) -> Result<()> {
        Ok(())
    }

    pub async fn health(&self) -> Health {
        Health::NotServing
    }

    pub async fn shutdown(&self) {}
}
