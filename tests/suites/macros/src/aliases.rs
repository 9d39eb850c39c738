//! Types by other names: the macro never looks at how a type is spelled.

use cvtplugin::pb::registry::v1 as wire;
use cvtplugin::{BoxError, Context as Call, RegistryProvider, cvt_plugin};

type Result<T> = std::result::Result<T, BoxError>;
type Response = wire::FetchSchemaResponse;
type Done = std::result::Result<(), cvtplugin::Error>;

/// A concrete type with parameters.
pub struct Cached<S, const N: usize> {
    store: S,
}

/// Has methods of the same names on another trait.
impl RegistryProvider for Cached<String, 4> {
    async fn fetch_schema(
        &self,
        _: Call,
        _: wire::FetchSchemaRequest,
    ) -> cvtplugin::Result<Response> {
        Err(cvtplugin::Error::internal(
            "the trait's method, not the plugin's",
        ))
    }

    async fn register_consumer_usage(
        &self,
        _: Call,
        _: wire::RegisterConsumerUsageRequest,
    ) -> cvtplugin::Result<wire::RegisterConsumerUsageResponse> {
        Err(cvtplugin::Error::internal(
            "the trait's method, not the plugin's",
        ))
    }
}

#[cvt_plugin(name = "cached", main = false)]
impl Cached<String, 4> {
    const LIMIT: usize = 4;

    async fn new() -> Result<Self> {
        let store = "{}".to_owned();
        Ok(Self { store })
    }

    async fn fetch_schema(&self, _: Call, _: wire::FetchSchemaRequest) -> Result<Response> {
        Ok(Response::new(self.store.clone().into_bytes()))
    }

    #[allow(clippy::needless_lifetimes)]
    fn register_consumer_usage<'a>(
        &'a self,
        _: Call,
        usage: wire::RegisterConsumerUsageRequest,
    ) -> Done {
        if usage.endpoints.len() > Self::LIMIT {
            return Err(cvtplugin::Error::out_of_range("too many endpoints"));
        }
        Ok(())
    }
}
