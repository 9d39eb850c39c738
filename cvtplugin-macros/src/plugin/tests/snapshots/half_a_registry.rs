#[allow(deprecated)]
const _: () = {
    use ::cvtplugin::__private as __cvt;
    pub struct __CvtAdapter(__cvt::Arc<Rest>);
    impl __cvt::From<__cvt::Arc<Rest>> for __CvtAdapter {
        fn from(plugin: __cvt::Arc<Rest>) -> Self {
            Self(plugin)
        }
    }
    impl __cvt::RegistryProvider for __CvtAdapter
    where
        for<'a> Rest: __cvt::SendSync,
    {
        async fn fetch_schema(
            &self,
            _: __cvt::Context,
            request: __cvt::registry::FetchSchemaRequest,
        ) -> __cvt::Result<__cvt::registry::FetchSchemaResponse> {
            __cvt::blocking(
                    &self.0,
                    move |this| __cvt::converted(
                        __cvt::reply::<
                            __cvt::registry::FetchSchemaResponse,
                            _,
                        >(<Rest>::fetch_schema(this, __cvt::pass(request))),
                    ),
                )
                .await
        }
        async fn register_consumer_usage(
            &self,
            _: __cvt::Context,
            _: __cvt::registry::RegisterConsumerUsageRequest,
        ) -> __cvt::Result<__cvt::registry::RegisterConsumerUsageResponse> {
            __cvt::opted_out(__cvt::Rpc::RegisterConsumerUsage).await
        }
    }
    impl __cvt::Plugin for Rest
    where
        for<'a> Rest: __cvt::SendSync,
    {
        type Config = ();
        type Registry = __CvtAdapter;
        type Events = __cvt::NotProvided;
        const RPCS: &'static [__cvt::Rpc] = &[__cvt::Rpc::FetchSchema];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", ::core::env!("CARGO_PKG_VERSION"))
        }
        fn runtime() -> __cvt::RuntimeOptions {
            __cvt::RuntimeOptions::new().worker_threads(1)
        }
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            __cvt::default::<Rest>()
        }
    }
};
fn main() -> ::cvtplugin::__private::ExitCode {
    ::cvtplugin::__private::main::<Rest, _>()
}
