::core::compile_error! {
    "`#[config]` on a field has no argument `defualt`: did you mean `default`? It takes `default`, `example`, `rename`, `secret` and `parse_with`"
}
const _: () = {
    use ::cvtplugin::__private::config as __cvt;
    use __cvt::NotSecret as _;
    const _: fn() = || {
        __cvt::send::<RestConfig>().sync();
    };
    const __CVT_0: __cvt::Field<u64> = __cvt::field::<u64, _>("timeout", "u64")
        .secret_if(__cvt::Exposed::<u64>::SECRET || __cvt::Boxed::<u64>::SECRET);
    #[automatically_derived]
    impl __cvt::PluginConfig for RestConfig
    where
        for<'a> RestConfig: __cvt::SendSync,
    {
        const KEYS: &'static [__cvt::ConfigKey] = &[__CVT_0.key];
        fn from_values(values: &__cvt::ConfigValues) -> __cvt::Result<Self> {
            ::core::unimplemented!()
        }
    }
};
