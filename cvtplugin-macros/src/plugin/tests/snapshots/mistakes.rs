::core::compile_error! {
    "`fetch_schema` cannot have `&mut self`, because CVT's calls run concurrently: take `&self`, and keep what changes in a `Mutex` or an atomic"
}
#[allow(deprecated)]
const _: () = {
    use ::cvtplugin::__private as __cvt;
    pub struct __CvtAdapter(__cvt::Arc<Rest>);
    impl __cvt::From<__cvt::Arc<Rest>> for __CvtAdapter {
        fn from(plugin: __cvt::Arc<Rest>) -> Self {
            Self(plugin)
        }
    }
    impl __cvt::EventHandler for __CvtAdapter
    where
        for<'a> Rest: __cvt::SendSync,
    {
        async fn on_validation_failed(
            &self,
            _: __cvt::Context,
            request: __cvt::events::ValidationFailedRequest,
        ) -> __cvt::Result<__cvt::events::EventResponse> {
            __cvt::converted(
                __cvt::acknowledge::<
                    __cvt::events::EventResponse,
                    _,
                >(<Rest>::on_validation_failed(&self.0, __cvt::pass(request)).await),
            )
        }
    }
    impl __cvt::Plugin for Rest
    where
        for<'a> Rest: __cvt::SendSync,
    {
        type Config = ();
        type Registry = __cvt::NotProvided;
        type Events = __CvtAdapter;
        const RPCS: &'static [__cvt::Rpc] = &[__cvt::Rpc::OnValidationFailed];
        fn info() -> __cvt::PluginInfo {
            __cvt::PluginInfo::new("rest", ::core::env!("CARGO_PKG_VERSION"))
        }
        async fn new((): Self::Config, _: __cvt::Tasks) -> __cvt::Result<Self> {
            __cvt::default::<Rest>()
        }
    }
};
fn main() -> ::cvtplugin::__private::ExitCode {
    ::cvtplugin::__private::main::<Rest, _>()
}
