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
            __cvt::blocking_new(move || __cvt::converted(
                    __cvt::made::<Self, _>(<Rest>::new()),
                ))
                .await
        }
        const HAS_SET_CONFIG: bool = true;
        async fn set_config(
            self: __cvt::Arc<Self>,
            ctx: __cvt::Context,
            key: __cvt::String,
            value: __cvt::SecretString,
        ) -> __cvt::Result<()> {
            __cvt::converted(
                __cvt::reply::<
                    (),
                    _,
                >(
                    <Rest>::set_config(
                            &self,
                            __cvt::pass(ctx),
                            __cvt::pass(key),
                            __cvt::pass_secret(value),
                        )
                        .await,
                ),
            )
        }
        const HAS_HEALTH: bool = true;
        async fn health(self: __cvt::Arc<Self>) -> __cvt::Health {
            __cvt::blocking(
                    &self,
                    move |this| __cvt::returned::<__cvt::Health, _>(<Rest>::health(this)),
                )
                .await
        }
        async fn shutdown(self: __cvt::Arc<Self>) -> () {
            __cvt::returned::<(), _>(<Rest>::shutdown(&self).await)
        }
    }
};
fn main() -> ::cvtplugin::__private::ExitCode {
    ::cvtplugin::__private::main::<Rest, _>()
}
