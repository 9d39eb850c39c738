use cvtplugin::prelude::*;

use std::cell::Cell;

#[derive(Default)]
struct Rest {
    calls: Cell<u64>,
}

#[cvt_plugin(name = "rest", main = false)]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

fn main() {}
