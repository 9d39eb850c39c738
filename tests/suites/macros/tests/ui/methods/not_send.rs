use cvtplugin::prelude::*;

use std::rc::Rc;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_breaking_change_detected(&self, event: BreakingChangeDetectedRequest) -> Result<()> {
        let name = Rc::new(event.schema_id);
        post(&name).await;
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

async fn post(_: &str) {}
