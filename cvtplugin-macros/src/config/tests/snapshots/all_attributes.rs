const _: () = {
    use ::renamed::__private::config as __cvt;
    use __cvt::NotSecret as _;
    const _: fn() = || {
        __cvt::send::<RestConfig>().sync();
    };
    const __CVT_0: __cvt::Field<Option<Vec<Key>>> = {
        const __CVT_PARSE: __cvt::Parse<Vec<Key>> = |text| __cvt::parse_with::<
            Vec<Key>,
            _,
        >(text, path::to::function);
        __cvt::field_with::<
            Option<Vec<Key>>,
        >(
                "key",
                "Vec<Key>",
                |text| __CVT_PARSE(text).map(__cvt::Some),
                |text| __CVT_PARSE(text).map(::core::mem::drop),
            )
            .optional()
    }
        .secret_if(true);
    const _: () = __cvt::redacts::<Key, _>();
    const _: () = __CVT_0.may_go_without_example();
    #[automatically_derived]
    impl __cvt::PluginConfig for RestConfig
    where
        for<'a> RestConfig: __cvt::SendSync,
    {
        const KEYS: &'static [__cvt::ConfigKey] = &[__CVT_0.key];
        fn from_values(values: &__cvt::ConfigValues) -> __cvt::Result<Self> {
            let mut reader = __cvt::Reader::new(values);
            let (__cvt::Some(value_0),) = (reader.read(&__CVT_0),) else {
                return __cvt::Err(reader.into_error());
            };
            __cvt::Ok(Self { r#in: value_0 })
        }
    }
};
