//! What is seldom written, and legitimate.

use cvtplugin::cvt_plugin as plugin;
use cvtplugin::prelude::*;

/// The attribute goes by another name, and so does `ignore` within.
#[derive(Default)]
pub struct Renamed;

#[plugin(name = "renamed", main = false)]
impl Renamed {
    /// A helper with the name of an event.
    #[plugin(ignore)]
    #[must_use]
    pub fn on_sight() -> u8 {
        3
    }

    #[expect(clippy::needless_arbitrary_self_type)]
    async fn on_validation_failed(self: &Self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

/// Raw names, attributes under conditions, and braces that are not a body.
#[derive(Default)]
pub struct Conditional;

/// So many bytes.
#[derive(Debug)]
pub struct Buffer<const SIZE: usize>;

#[cvt_plugin(name = "conditional", main = false, opt_out(register_consumer_usage))]
impl Conditional {
    /// A helper with braces in its signature.
    #[must_use]
    pub fn buffer() -> Buffer<{ 2 + 2 }> {
        Buffer
    }

    async fn r#fetch_schema(
        &self,
        #[cfg(any())] ctx: Missing,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(request.schema_id))
    }

    fn on_validation_failed(
        &self,
        #[cfg(not(any()))] _: Context,
        _: ValidationFailedRequest,
    ) -> Result<()> {
        Ok(())
    }

    #[cfg_attr(not(any()), cfg(any()), inline)]
    fn on_breaking_change_detected(&self, missing: Missing) -> Missing {
        missing
    }
}

/// Has a function in its type.
pub struct Mapped<F> {
    map: F,
}

#[cvt_plugin(name = "mapped", main = false, opt_out(register_consumer_usage))]
impl Mapped<Box<dyn Fn(&str) -> String + Send + Sync>> {
    async fn new() -> Self {
        let map = Box::new(str::to_owned);
        Self { map }
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new((self.map)(&request.schema_id)))
    }
}

fn shout(text: &str) -> String {
    text.to_uppercase()
}

#[cvt_plugin(name = "pointer", main = false, opt_out(register_consumer_usage))]
impl Mapped<fn(&'_ str) -> String> {
    fn new() -> Self {
        Self { map: shout }
    }

    fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new((self.map)(&request.schema_id)))
    }
}

type NotAFuture = Result<()>;

/// Has a trait with a method of an event's name.
trait Notify {
    fn on_breaking_change_detected(&self) -> u8;
}

/// Calls a trait's method of a name that CVT knows.
#[derive(Default)]
pub struct Notified;

impl Notify for Notified {
    fn on_breaking_change_detected(&self) -> u8 {
        3
    }
}

#[cvt_plugin(name = "notified", main = false)]
impl Notified {
    fn on_validation_failed(&self, _: ValidationFailedRequest) -> NotAFuture {
        match self.on_breaking_change_detected() {
            3 => Ok(()),
            _ => Err(Error::internal("the method of another")),
        }
    }
}

/// A plugin that all may see, and a config that none does.
pub struct Discreet {
    config: DiscreetConfig,
}

#[derive(PluginConfig)]
struct DiscreetConfig {
    /// How often to try again.
    #[config(default = 3)]
    retries: u8,
}

#[cvt_plugin(name = "discreet", main = false)]
impl Discreet {
    fn new(config: DiscreetConfig) -> Self {
        Self { config }
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        tracing::info!(self.config.retries);
        Ok(())
    }
}
