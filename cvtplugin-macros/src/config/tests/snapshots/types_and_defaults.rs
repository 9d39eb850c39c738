const _: () = {
    use ::cvtplugin::__private::config as __cvt;
    use __cvt::NotSecret as _;
    const _: fn() = || {
        __cvt::send::<RestConfig>().sync();
    };
    const __CVT_0: __cvt::Field<Url> = __cvt::field::<Url, _>("base_url", "Url")
        .description("Base URL of the registry's API.")
        .example("https://registry.example.com")
        .secret_if(__cvt::Exposed::<Url>::SECRET || __cvt::Boxed::<Url>::SECRET);
    const __CVT_1: __cvt::Field<Option<SecretString>> = __cvt::optional::<
        SecretString,
        _,
    >("token", "SecretString")
        .secret_if(
            __cvt::Exposed::<SecretString>::SECRET
                || __cvt::Boxed::<SecretString>::SECRET,
        );
    const _: () = __CVT_1.may_go_without_example();
    const __CVT_2: __cvt::Field<u64> = __cvt::field::<u64, _>("timeout_seconds", "u64")
        .default_text("10")
        .secret_if(__cvt::Exposed::<u64>::SECRET || __cvt::Boxed::<u64>::SECRET);
    const _: () = __CVT_2.may_have_a_default();
    const __CVT_3: __cvt::Field<Duration> = __cvt::field::<
        Duration,
        _,
    >("timeout", "Duration")
        .default_shown(|| __cvt::show(&__cvt::fit::<Duration, _, _>(TIMEOUT)))
        .secret_if(
            __cvt::Exposed::<Duration>::SECRET || __cvt::Boxed::<Duration>::SECRET,
        );
    const _: () = __CVT_3.may_have_a_default();
    #[automatically_derived]
    impl __cvt::PluginConfig for RestConfig
    where
        for<'a> RestConfig: __cvt::SendSync,
    {
        const KEYS: &'static [__cvt::ConfigKey] = &[
            __CVT_0.key,
            __CVT_1.key,
            __CVT_2.key,
            __CVT_3.key,
        ];
        fn from_values(values: &__cvt::ConfigValues) -> __cvt::Result<Self> {
            let mut reader = __cvt::Reader::new(values);
            let (
                __cvt::Some(value_0),
                __cvt::Some(value_1),
                __cvt::Some(value_2),
                __cvt::Some(value_3),
            ) = (
                reader.read(&__CVT_0),
                reader.read(&__CVT_1),
                reader.read(&__CVT_2),
                reader.read(&__CVT_3),
            ) else {
                return __cvt::Err(reader.into_error());
            };
            __cvt::Ok(Self {
                base_url: value_0,
                token: value_1,
                timeout_seconds: value_2,
                timeout: value_3,
            })
        }
    }
};
