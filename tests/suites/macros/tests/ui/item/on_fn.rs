use cvtplugin::prelude::*;

#[cvt_plugin(name = "rest")]
fn on_validation_failed(_: ValidationFailedRequest) -> Result<()> {
    Ok(())
}
