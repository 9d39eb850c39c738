//! Whatever CVT delivers to a plugin, in whatever order, while it calls the plugin.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, TestPlugin, block_on};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::time::timeout;

/// Nothing takes that long but a deadlock.
const TIMEOUT: Duration = Duration::from_secs(60);

const KEYS: [&str; 4] = ["number", "text", "list", "secret"];

#[derive(Default, PluginConfig)]
struct AnyConfig {
    #[config(default = 7)]
    number: u8,
    text: Option<String>,
    list: Option<Vec<i16>>,
    secret: Option<SecretString>,
}

impl AnyConfig {
    /// What its fields are, so that two can be compared.
    fn shown(&self) -> [String; 4] {
        let secret = self.secret.as_ref().map(ExposeSecret::expose_secret);
        [
            format!("{:?}", self.number),
            format!("{:?}", self.text),
            format!("{:?}", self.list),
            format!("{secret:?}"),
        ]
    }
}

/// How many were made, by all tests of this process.
static MADE: AtomicUsize = AtomicUsize::new(0);

struct AnyPlugin {
    number: usize,
    config: AnyConfig,
}

#[cvt_plugin(name = "any", main = false, opt_out(register_consumer_usage))]
impl AnyPlugin {
    async fn new(config: AnyConfig) -> Self {
        // Time for the config to change meanwhile.
        for _ in 0..config.number % 4 {
            tokio::task::yield_now().await;
        }
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        tracing::info!(number, "made");
        Self { number, config }
    }

    async fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(self.config.shown().join("\n")))
    }

    async fn shutdown(&self) {
        tracing::info!(number = self.number, "shut down");
    }
}

/// The keys that were taken, each with its last value.
type Taken = BTreeMap<String, String>;

/// The config of these values alone.
fn made_of(taken: &Taken) -> [String; 4] {
    let pairs = taken.iter().map(|(key, value)| (key, value.as_str()));
    let config = AnyConfig::from_values(&pairs.collect());
    config.expect("each of them was taken").shown()
}

/// Delivers the settings one after the other, each once or more.
async fn deliver(plugin: &TestPlugin<AnyPlugin>, settings: &[(String, String, usize)]) -> Taken {
    let mut taken = Taken::new();
    for (key, value, times) in settings {
        for _ in 0..*times {
            match plugin.set_config(key, value.as_str()).await {
                Ok(()) => drop(taken.insert(key.clone(), value.clone())),
                Err(error) => assert_eq!(error.code(), Code::InvalidArgument, "{error}"),
            }
        }
    }
    taken
}

async fn fetch(plugin: &TestPlugin<AnyPlugin>) -> String {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new("a")).await;
    let spec = schema.expect("nothing is required").spec;
    String::from_utf8(spec.into()).expect("text")
}

async fn call(plugin: &TestPlugin<AnyPlugin>, times: usize) {
    for _ in 0..times {
        fetch(plugin).await;
    }
}

/// Fails the test if that takes for ever.
async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(TIMEOUT, future).await.expect("no deadlock")
}

/// The instances of which the log says this.
fn instances(log: &[cvtplugin::LogRecord], message: &str) -> Vec<u64> {
    let records = log.iter().filter(|record| record.message == message);
    let numbers = records.map(|record| record.fields["number"].as_u64());
    let mut numbers: Vec<_> = numbers.map(|it| it.expect("a number")).collect();
    numbers.sort_unstable();
    numbers
}

/// Ends the plugin: nothing has panicked, and each instance was shut down once.
async fn end(plugin: TestPlugin<AnyPlugin>) {
    let captured = plugin.captured().clone();
    plugin.shutdown().await;
    let log = captured.logs();
    let panics = log.iter().filter(|it| it.level == tracing::Level::ERROR);
    assert_eq!(panics.count(), 0, "{log:?}");
    assert_eq!(instances(&log, "made"), instances(&log, "shut down"));
}

/// One of these keys, or any other.
pub(crate) fn key_among(keys: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(keys).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// One of `others`, or any value of the usual kinds.
pub(crate) fn value_or(others: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just(String::new()),
        any::<u16>().prop_map(|number| number.to_string()),
        others,
        "[-0-9, ]{0,12}",
    ]
}

fn settings() -> impl Strategy<Value = Vec<(String, String, usize)>> {
    let small = (0..10u8).prop_map(|number| number.to_string());
    vec((key_among(&KEYS), value_or(small), 1..3usize), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn last_value_wins_whatever_calls_come_between(settings in settings(), calls in 0..12usize) {
        block_on(in_time(async {
            let plugin = Harness::plugin::<AnyPlugin>().start().await.expect("it starts");
            let (taken, (), ()) = tokio::join!(
                deliver(&plugin, &settings),
                call(&plugin, calls),
                call(&plugin, calls),
            );
            assert_eq!(fetch(&plugin).await, made_of(&taken).join("\n"));
            end(plugin).await;
        }));
    }

    #[test]
    fn last_value_of_many_deliveries_is_that_of_one(
        all in (settings(), settings(), settings()),
        calls in 0..12usize,
    ) {
        block_on(in_time(async {
            let plugin = Harness::plugin::<AnyPlugin>().start().await.expect("it starts");
            let (a, b, c, ()) = tokio::join!(
                deliver(&plugin, &all.0),
                deliver(&plugin, &all.1),
                deliver(&plugin, &all.2),
                call(&plugin, calls),
            );
            let unset = made_of(&Taken::new());
            let spec = fetch(&plugin).await;
            for (index, (key, got)) in KEYS.iter().zip(spec.split('\n')).enumerate() {
                let delivered = [&a, &b, &c].into_iter().filter(|taken| taken.contains_key(*key));
                let mut last: Vec<_> = delivered.map(|taken| made_of(taken)[index].clone()).collect();
                if last.is_empty() {
                    last.push(unset[index].clone());
                }
                assert!(last.iter().any(|it| it == got), "{key} is {got}, not of {last:?}");
            }
            end(plugin).await;
        }));
    }
}
