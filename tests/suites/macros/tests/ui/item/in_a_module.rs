// 2 errors, as there really is no `main`.
mod plugins {
    pub mod rest {
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
}
