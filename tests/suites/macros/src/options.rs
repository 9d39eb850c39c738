//! The attribute's arguments.

use cvtplugin::prelude::*;

/// With everything by default.
#[derive(Default)]
pub struct Defaults;

#[cvt_plugin(name = "defaults", main = false)]
impl Defaults {
    fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }
}

/// With every argument.
#[derive(Default)]
pub struct Spelled;

#[cvt_plugin(
    name = "spelled",
    version = "1.2.3-rc.1",
    main = false,
    crate = "::cvtplugin",
    worker_threads = 3,
    opt_out(register_consumer_usage)
)]
impl Spelled {
    fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new("{}"))
    }
}

/// With one CPU-bound handler at a time, without the other half of the registry.
#[derive(Default)]
pub struct Single;

#[cvt_plugin(
    name = "single",
    main = false,
    worker_threads = 1,
    opt_out(fetch_schema)
)]
impl Single {
    fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }
}

mod inner {
    /// In a module, from where no `main` would do.
    #[derive(Default)]
    pub struct Nested;
}

#[cvt_plugin(name = "nested", main = false)]
impl inner::Nested {
    fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

pub use inner::Nested;
