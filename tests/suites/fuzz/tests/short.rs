//! A short run of every fuzz target, the same every time: its corpus, and mutations of it.
//!
//! What it runs exists only under `--cfg cvtplugin_fuzzing`: see `.ci/fuzz`.

#![cfg(cvtplugin_fuzzing)]

use std::path::Path;

use cvtplugin::fuzzing;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

const MUTATIONS: u32 = 2_000;

/// The files in a target's directory.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .expect("each target has a corpus")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the corpus of {target} is empty");
    let read = |file| std::fs::read(file).expect("it can be read");
    files.into_iter().map(read).collect()
}

/// One input with something put in the place of a part of it.
fn mutated(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let inserted = prop_oneof![vec(any::<u8>(), 0..20), select(corpus.clone())];
    (select(corpus), any::<Index>(), any::<Index>(), inserted).prop_map(
        |(mut input, from, to, inserted)| {
            let (from, to) = (from.index(input.len() + 1), to.index(input.len() + 1));
            input.splice(from.min(to)..from.max(to), inserted);
            input
        },
    )
}

fn run(target: &str, fuzz: fn(&[u8])) {
    let corpus = corpus(target);
    for input in &corpus {
        fuzz(input);
    }
    let config = Config {
        cases: MUTATIONS,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let outcome = TestRunner::new_with_rng(config, rng).run(&mutated(corpus), |input| {
        fuzz(&input);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{target}: {error}"));
}

#[test]
fn environment() {
    run("environment", fuzzing::environment);
}

#[test]
fn handshake_line() {
    run("handshake_line", fuzzing::handshake_line);
}

#[test]
fn stderr_line() {
    run("stderr_line", fuzzing::stderr_line);
}

#[test]
fn log_record() {
    run("log_record", fuzzing::log_record);
}

#[test]
fn config_value() {
    run("config_value", fuzzing::config_value);
}

#[test]
fn socket() {
    run("socket", fuzzing::socket);
}
