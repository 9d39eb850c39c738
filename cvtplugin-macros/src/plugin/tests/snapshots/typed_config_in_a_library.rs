const _: () = {
    use ::renamed::__private as __cvt;
    pub struct __CvtAdapter<P>(__cvt::Arc<P>);
    impl<P> __cvt::From<__cvt::Arc<P>> for __CvtAdapter<P> {
        fn from(plugin: __cvt::Arc<P>) -> Self {
            Self(plugin)
        }
    }
    impl<P> __cvt::Adapter for __CvtAdapter<P> {
        type Plugin = P;
    }
    impl __cvt::EventHandler for __CvtAdapter<Rest>
    where
        for<'a> <Self as __cvt::Adapter>::Plugin: __cvt::SendSync,
    {
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
    pub struct __CvtConfig(RestConfig);
    impl __cvt::From<RestConfig> for __CvtConfig {
        fn from(config: RestConfig) -> Self {
            Self(config)
        }
    }
    impl __cvt::HoldsConfig for __CvtConfig {
        const READER: __cvt::ConfigReader<Self> = __cvt::reader::<RestConfig, _>();
    }
    impl __cvt::Plugin for Rest
    where
        for<'a> Self: __cvt::SendSync,
    {
        type Config = __CvtConfig;
        type Registry = __cvt::NotProvided;
        type Events = __CvtAdapter<Self>;
        const RPCS: &'static [__cvt::Rpc] = &[__cvt::Rpc::OnValidationFailed];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", ::core::env!("CARGO_PKG_VERSION"))
        }
        fn runtime() -> __cvt::RuntimeOptions {
            __cvt::RuntimeOptions::new().worker_threads(4)
        }
        async fn new(
            __CvtConfig(config): Self::Config,
            _: __cvt::Tasks,
        ) -> __cvt::Result<Self> {
            __cvt::into_error(
                __cvt::into_plugin::<Self, _>(<Rest>::new(__cvt::pass(config)).await),
            )
        }
    }
    impl Rest {
        fn fetch_schema() {}
        fn register_consumer_usage() {}
        fn on_breaking_change_detected() {}
    }
    const _: fn() = || {
        __cvt::send::<Rest>().sync();
    };
};
