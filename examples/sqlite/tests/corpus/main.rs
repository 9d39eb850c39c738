//! Holds `impact` against hundreds of pairs of documents whose difference is known, with consumers
//! whose fields are known: it may be careful, and may not be wrong.

mod mutate;
mod pairs;
mod registry;
mod tally;
mod walk;

use pairs::Pair;
use registry::Registry;
use tally::Tally;

/// How many pairs are made of each document.
const PAIRS_EACH: usize = 64;

const DOCUMENTS: [(&str, &str); 5] = [
    ("alertmanager", include_str!("specs/alertmanager.json")),
    ("galaxy", include_str!("specs/galaxy.json")),
    ("hydra", include_str!("specs/hydra.json")),
    ("kratos", include_str!("specs/kratos.json")),
    ("petstore", include_str!("specs/petstore.json")),
];

fn corpus() -> Vec<Pair> {
    let of = |(name, text): &(&str, &str)| pairs::make(name, text, PAIRS_EACH);
    DOCUMENTS.iter().flat_map(of).collect()
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn corpus_of_mutations_is_judged_right() {
    let pairs = corpus();
    assert!(pairs.len() >= 300, "{} pairs", pairs.len());
    let registry = Registry::new();
    registry.import(&pairs);
    let plugin = registry.launch().await;
    registry::register(&plugin, &pairs).await;
    // Nothing that was acknowledged may need a last word of the plugin's.
    let sample = &pairs[pairs.len() / 2];
    let before = registry.impact(sample);
    plugin.kill().await.expect("the plugin is killed");
    assert_eq!(registry.impact(sample), before);

    let mut tally = Tally::default();
    for pair in &pairs {
        tally.count(pair, &registry.impact(pair));
    }
    println!("{tally}");
    tally.check();
}
