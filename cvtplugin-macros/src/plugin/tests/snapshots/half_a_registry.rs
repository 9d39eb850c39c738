const _: () = {
    use ::cvtplugin::__private as __cvt;
    pub struct __CvtAdapter<P>(__cvt::Arc<P>);
    impl<P> __cvt::From<__cvt::Arc<P>> for __CvtAdapter<P> {
        fn from(plugin: __cvt::Arc<P>) -> Self {
            Self(plugin)
        }
    }
    impl<P> __cvt::Adapter for __CvtAdapter<P> {
        type Plugin = P;
    }
    impl __cvt::RegistryProvider for __CvtAdapter<Rest>
    where
        for<'a> <Self as __cvt::Adapter>::Plugin: __cvt::SendSync,
    {
        async fn fetch_schema(
            &self,
            _: __cvt::Context,
            request: __cvt::registry::FetchSchemaRequest,
        ) -> __cvt::Result<__cvt::registry::FetchSchemaResponse> {
            __cvt::blocking(
                    &self.0,
                    move |this| __cvt::into_error(
                        __cvt::response::<
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
        for<'a> Self: __cvt::SendSync,
    {
        type Config = ();
        type Registry = __CvtAdapter<Self>;
        type Events = __cvt::NotProvided;
        const RPCS: &'static [__cvt::Rpc] = &[__cvt::Rpc::FetchSchema];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", ::core::env!("CARGO_PKG_VERSION"))
        }
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            __cvt::default::<Rest>()
        }
    }
    impl Rest {
        fn register_consumer_usage() {}
        fn on_breaking_change_detected() {}
        fn on_validation_failed() {}
    }
};
fn main() -> ::std::process::ExitCode {
    use ::cvtplugin::__private as __cvt;
    __cvt::send::<Rest>()
        .sync()
        .main({
            use crate::*;
            main
        })
}
