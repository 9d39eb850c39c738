//! Whatever CVT delivers, in whatever order, from however many calls at once.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use cvtplugin::TypedConfig;
use cvtplugin::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::any_delivery::{key_among, value_or};

#[derive(PluginConfig)]
struct Any {
    number: Option<u8>,
    text: Option<String>,
    list: Option<Vec<i16>>,
    duration: Option<Duration>,
    secret: Option<SecretString>,
}

const KEYS: [&str; 5] = ["number", "text", "list", "duration", "secret"];

/// What its fields are, so that two can be compared.
fn shown(config: &Any) -> [String; 5] {
    let secret = config.secret.as_ref().map(ExposeSecret::expose_secret);
    [
        format!("{:?}", config.number),
        format!("{:?}", config.text),
        format!("{:?}", config.list),
        format!("{:?}", config.duration),
        format!("{secret:?}"),
    ]
}

/// The keys that were taken, each with its last value.
type Taken = BTreeMap<String, String>;

/// The config of these values alone.
fn made_of(taken: &Taken) -> [String; 5] {
    let pairs = taken.iter().map(|(key, value)| (key, value.as_str()));
    let config = Any::from_values(&pairs.collect());
    shown(&config.expect("each of them was taken"))
}

/// Delivers the settings one after the other.
fn deliver(config: &TypedConfig<Any>, settings: &[(String, String)]) -> Taken {
    let mut taken = Taken::new();
    for (key, value) in settings {
        let outcome = config.set(key, value.as_str());
        match key.as_str() {
            "number" => assert_eq!(
                outcome.is_ok(),
                value.is_empty() || value.parse::<u8>().is_ok(),
                "{value:?}"
            ),
            "list" | "duration" => {}
            _ => assert!(outcome.is_ok(), "{key:?}, {value:?}"),
        }
        if outcome.is_ok() {
            taken.insert(key.clone(), value.clone());
        }
    }
    taken
}

fn settings() -> impl Strategy<Value = Vec<(String, String)>> {
    let duration = (0..1000, "s|ms|h| years").prop_map(|(number, unit)| format!("{number}{unit}"));
    vec((key_among(&KEYS), value_or(duration)), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn last_value_wins(settings in settings()) {
        let config = TypedConfig::new();
        let taken = deliver(&config, &settings);
        let got = config.get().expect("nothing is required");
        prop_assert_eq!(shown(&got), made_of(&taken));
    }

    #[test]
    fn last_value_wins_among_many_calls(all in vec(settings(), 2..5)) {
        let config = TypedConfig::<Any>::new();
        let taken: Vec<Taken> = thread::scope(|scope| {
            let threads: Vec<_> = all
                .iter()
                .map(|settings| {
                    scope.spawn(|| {
                        config.get().expect("nothing is required");
                        let taken = deliver(&config, settings);
                        config.get().expect("nothing is required");
                        taken
                    })
                })
                .collect();
            let threads = threads.into_iter();
            threads.map(|thread| thread.join().expect("no panic")).collect()
        });

        // The last of all was the last of some call: that one's, or nobody's.
        let got = shown(&config.get().expect("nothing is required"));
        let unset = made_of(&Taken::new());
        for (index, key) in KEYS.iter().enumerate() {
            let mut last: Vec<_> = taken
                .iter()
                .filter(|taken| taken.contains_key(*key))
                .map(|taken| made_of(taken)[index].clone())
                .collect();
            if last.is_empty() {
                last.push(unset[index].clone());
            }
            prop_assert!(last.contains(&got[index]), "{} is {}, not of {:?}", key, got[index], last);
        }
    }
}
