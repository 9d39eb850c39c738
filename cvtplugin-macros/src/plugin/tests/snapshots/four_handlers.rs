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
            ctx: __cvt::Context,
            request: __cvt::registry::FetchSchemaRequest,
        ) -> __cvt::Result<__cvt::registry::FetchSchemaResponse> {
            __cvt::into_error(
                __cvt::response::<
                    __cvt::registry::FetchSchemaResponse,
                    _,
                >(
                    <Rest>::fetch_schema(&self.0, __cvt::pass(ctx), __cvt::pass(request))
                        .await,
                ),
            )
        }
        async fn register_consumer_usage(
            &self,
            _: __cvt::Context,
            request: __cvt::registry::RegisterConsumerUsageRequest,
        ) -> __cvt::Result<__cvt::registry::RegisterConsumerUsageResponse> {
            __cvt::into_error(
                __cvt::acknowledge::<
                    __cvt::registry::RegisterConsumerUsageResponse,
                    _,
                >(<Rest>::register_consumer_usage(&self.0, __cvt::pass(request)).await),
            )
        }
    }
    impl __cvt::EventHandler for __CvtAdapter<Rest>
    where
        for<'a> <Self as __cvt::Adapter>::Plugin: __cvt::SendSync,
    {
        async fn on_breaking_change_detected(
            &self,
            _: __cvt::Context,
            request: __cvt::events::BreakingChangeDetectedRequest,
        ) -> __cvt::Result<__cvt::events::EventResponse> {
            __cvt::blocking(
                    &self.0,
                    move |this| __cvt::into_error(
                        __cvt::acknowledge::<
                            __cvt::events::EventResponse,
                            _,
                        >(
                            <Rest>::on_breaking_change_detected(
                                this,
                                __cvt::pass(request),
                            ),
                        ),
                    ),
                )
                .await
        }
        async fn on_validation_failed(
            &self,
            _: __cvt::Context,
            request: __cvt::events::ValidationFailedRequest,
        ) -> __cvt::Result<__cvt::events::EventResponse> {
            __cvt::into_error(
                __cvt::acknowledge::<
                    __cvt::events::EventResponse,
                    _,
                >(<Rest>::on_validation_failed(&self.0, __cvt::pass(request)).await),
            )
        }
    }
    impl __cvt::Plugin for Rest
    where
        for<'a> Self: __cvt::SendSync,
    {
        type Config = ();
        type Registry = __CvtAdapter<Self>;
        type Events = __CvtAdapter<Self>;
        const RPCS: &'static [__cvt::Rpc] = &[
            __cvt::Rpc::FetchSchema,
            __cvt::Rpc::RegisterConsumerUsage,
            __cvt::Rpc::OnBreakingChangeDetected,
            __cvt::Rpc::OnValidationFailed,
        ];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", "0.1.0")
        }
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            __cvt::default::<Rest>()
        }
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
