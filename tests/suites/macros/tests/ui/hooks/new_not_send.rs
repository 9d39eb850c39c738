use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn new() -> Self {
        let name = std::rc::Rc::new(());
        std::future::ready(()).await;
        drop(name);
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
