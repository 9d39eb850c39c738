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
    impl __cvt::Plugin for Rest
    where
        for<'a> Self: __cvt::SendSync,
    {
        type Config = ();
        type Registry = __cvt::NotProvided;
        type Events = __CvtAdapter<Self>;
        const RPCS: &'static [__cvt::Rpc] = &[__cvt::Rpc::OnValidationFailed];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", ::core::env!("CARGO_PKG_VERSION"))
        }
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            __cvt::default::<Rest>()
        }
    }
    impl Rest {
        fn fetch_schema() {}
        fn register_consumer_usage() {}
        fn on_breaking_change_detected() {}
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
