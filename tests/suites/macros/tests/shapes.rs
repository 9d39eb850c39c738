//! What the macro makes of plugins of every shape.

use std::sync::Arc;

use cvtplugin::__private::Plugin;
use cvtplugin::{Code, Health, PluginConfig, Result, Rpc, RuntimeOptions, Tasks};
use cvtplugin_macros_tests::{
    acknowledgements, aliases, conditional, configured, constructors, fragments, hooks, ignored,
    options, unusual,
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

fn new<P: Plugin<Config: From<()>>>() -> Result<P> {
    block_on(async { P::new(().into(), Tasks::new()).await })
}

#[test]
fn handled_rpcs_are_those_written() {
    let four = [
        Rpc::FetchSchema,
        Rpc::RegisterConsumerUsage,
        Rpc::OnBreakingChangeDetected,
        Rpc::OnValidationFailed,
    ];
    assert_eq!(acknowledgements::Acknowledgements::RPCS, four);
    assert_eq!(options::Defaults::RPCS, [Rpc::OnBreakingChangeDetected]);
    assert_eq!(
        aliases::Cached::<String, 4>::RPCS,
        [Rpc::FetchSchema, Rpc::RegisterConsumerUsage]
    );
    assert_eq!(options::Spelled::RPCS, [Rpc::FetchSchema]);
    assert_eq!(options::Single::RPCS, [Rpc::RegisterConsumerUsage]);
    assert_eq!(ignored::Private::RPCS, [Rpc::OnValidationFailed]);
}

#[test]
fn fragments_of_macros_hide_no_handler() {
    let both = [Rpc::OnBreakingChangeDetected, Rpc::OnValidationFailed];
    assert_eq!(fragments::Bodies::RPCS, both);
    assert_eq!(fragments::HelperFirst::RPCS, [Rpc::OnValidationFailed]);
    assert_eq!(fragments::Items::RPCS, both);
    assert_eq!(fragments::Whole::RPCS, [Rpc::OnValidationFailed]);
}

#[test]
fn unusual_blocks_serve_what_is_written() {
    assert_eq!(unusual::Renamed::RPCS, [Rpc::OnValidationFailed]);
    assert_eq!(
        unusual::Conditional::RPCS,
        [Rpc::FetchSchema, Rpc::OnValidationFailed]
    );
    assert_eq!(
        unusual::Mapped::<fn(&str) -> String>::RPCS,
        [Rpc::FetchSchema]
    );
    assert_eq!(unusual::Notified::RPCS, [Rpc::OnValidationFailed]);
}

#[test]
fn secrets_of_a_raw_config_are_declared() {
    assert_eq!(hooks::Hooked::SECRETS, ["token", "password"]);
    assert_eq!(options::Defaults::SECRETS, [""; 0]);
}

#[test]
fn configured_away_rpcs_are_not_handled() {
    assert_eq!(conditional::Twins::RPCS, [Rpc::FetchSchema]);
    assert!(new::<conditional::Twins>().is_ok());
}

#[test]
fn info_has_name_and_version() {
    let info = options::Spelled::info();
    assert_eq!((info.name(), info.version()), ("spelled", "1.2.3-rc.1"));
    let info = options::Nested::info();
    assert_eq!(
        (info.name(), info.version()),
        ("nested", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn runtime_options_are_those_of_the_attribute() {
    let shown = |runtime: RuntimeOptions| format!("{runtime:?}");
    assert_eq!(
        shown(options::Defaults::runtime()),
        shown(RuntimeOptions::default())
    );
    assert_eq!(
        shown(options::Spelled::runtime()),
        shown(RuntimeOptions::new().worker_threads(3))
    );
    assert_eq!(
        shown(options::Single::runtime()),
        shown(RuntimeOptions::new().worker_threads(1))
    );
}

#[test]
fn new_of_every_form_makes_a_plugin() {
    assert_eq!(
        new::<constructors::Defaulted>().ok(),
        Some(constructors::Defaulted)
    );
    assert_eq!(new::<constructors::Plain>().ok(), Some(constructors::Plain));
    assert_eq!(
        new::<constructors::PlainResult>().ok(),
        Some(constructors::PlainResult)
    );
    assert_eq!(new::<constructors::Named>().ok(), Some(constructors::Named));
    assert_eq!(new::<constructors::Async>().ok(), Some(constructors::Async));
    assert_eq!(
        new::<constructors::Configured>().ok(),
        Some(constructors::Configured)
    );
    assert_eq!(
        new::<constructors::PlainConfigured>().ok(),
        Some(constructors::PlainConfigured)
    );

    assert_eq!(
        new::<constructors::Fragments>().ok(),
        Some(constructors::Fragments)
    );

    let error = new::<constructors::AsyncResult>().expect_err("it says no");
    assert_eq!((error.code(), error.message()), (Code::Unknown, "no"));
}

#[test]
fn hooks_reach_the_plugin() {
    let hooked: Arc<hooks::Hooked> = Arc::new(new().expect("it has a default"));
    assert_eq!(
        block_on(Plugin::health(Arc::clone(&hooked))),
        Health::NotServing
    );
    block_on(Plugin::shutdown(Arc::clone(&hooked)));
    assert_eq!(*hooked.log.lock().expect("nobody panicked"), ["shutdown"]);

    let plain: Arc<hooks::Plain> = Arc::new(new().expect("it has a default"));
    assert_eq!(
        block_on(Plugin::health(Arc::clone(&plain))),
        Health::NotServing
    );
    block_on(Plugin::shutdown(Arc::clone(&plain)));
    assert_eq!(*plain.shutdowns.lock().expect("nobody panicked"), 1);
}

#[test]
fn hooks_left_out_have_defaults() {
    let plugin = Arc::new(options::Defaults);
    assert_eq!(
        block_on(Plugin::health(Arc::clone(&plugin))),
        Health::Serving
    );
    block_on(Plugin::shutdown(plugin));
}

/// Makes the plugin from its config.
fn configured<P: Plugin<Config: From<C>>, C: PluginConfig>() -> P {
    let config = C::from_values(&[("retries", "7")].into_iter().collect());
    let config = config.expect("it is whole").into();
    block_on(async { P::new(config, Tasks::new()).await }).expect("it can be made")
}

#[test]
fn configs_arrive_however_new_takes_them() {
    use configured::{conditional, read_by_itself, renamed, restricted};
    let plugin = configured::<restricted::Rest, restricted::RestConfig>();
    assert_eq!(plugin.0.retries, 7);
    let plugin = configured::<conditional::Rest, conditional::RestConfig>();
    assert_eq!(plugin.0, 7);
    let plugin = configured::<renamed::Rest, renamed::RestConfig>();
    assert_eq!(plugin.0.retries, 7);
    let plugin = configured::<renamed::Associated, renamed::RestConfig>();
    assert_eq!(plugin.0.retries, 7);
    let plugin = new::<read_by_itself::Rest>().expect("it can be made");
    assert_eq!(plugin.0.retries, 3);
}
