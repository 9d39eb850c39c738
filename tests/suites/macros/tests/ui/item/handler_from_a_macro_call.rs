use cvtplugin::prelude::*;

macro_rules! handler {
    ($name:ident) => {
        async fn $name(&self, _: ValidationFailedRequest) -> Result<()> {
            Ok(())
        }
    };
}

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    handler!(on_validation_failed);
}
