mod plugin {
    use cvtplugin::prelude::*;

    #[derive(Default)]
    pub struct Rest;

    #[cvt_plugin(name = "rest")]
    impl Rest {
        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Ok(())
        }
    }
}

fn main() {
    let _ = plugin::Rest;
}
