//! `cvt-plugin bench` on the hello plugin, with numbers too small to mean anything.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

const KEYS: [&str; 14] = [
    "spawn_to_handshake_line_ms",
    "spawn_to_info_ms",
    "start_and_stop_cpu_ms",
    "idle_rss_mb",
    "idle_threads",
    "latency_p50_us",
    "latency_p99_us",
    "sequential_cpu_per_call_us",
    "load_cpu_per_call_us",
    "load_calls_per_s",
    "load_rss_mb",
    "big_spec_ms",
    "big_spec_peak_rss_mb",
    "binary_size_mb",
];

const TITLES: [&str; 14] = [
    "spawn to handshake line, ms",
    "spawn to Info response, ms",
    "plugin CPU per start and stop, ms",
    "idle RSS, MB",
    "idle threads",
    "latency p50, 1 caller, us",
    "latency p99, 1 caller, us",
    "plugin CPU per call, 1 caller, us",
    "plugin CPU per call, 4 callers, us",
    "calls/s, 4 callers",
    "RSS after load, MB",
    "big spec, ms",
    "big spec, peak RSS, MB",
    "binary size, MB",
];

const COMMAND: &str = env!("CARGO_BIN_EXE_cvt-plugin");

/// The hello plugin's binary.
static HELLO: LazyLock<PathBuf> =
    LazyLock::new(|| cvtplugin_testkit::plugins::built("hello", Path::new(COMMAND)));

/// Measures the hello plugin. An error if that fails: its stderr.
fn bench(arguments: &[&str]) -> Result<String, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(COMMAND)
        .arg("bench")
        .arg(&*HELLO)
        .args(["--rounds", "2", "--calls", "20", "--callers", "4"])
        .args(arguments)
        .output()
        .expect("cvt-plugin starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    if status.success() {
        assert_eq!(text(stderr), "", "there is no terminal for a progress bar");
        return Ok(text(stdout));
    }
    Err(text(stderr))
}

fn hello() -> &'static str {
    HELLO.to_str().expect("a path of text")
}

#[test]
fn table_has_every_row() {
    let table = bench(&["--vs", hello()]).expect("a table");
    let (rows, notes) = table.split_once("\n\n").expect("rows and notes");
    let rows: Vec<_> = rows.lines().skip(1).collect();
    assert_eq!(rows.len(), TITLES.len(), "{table}");
    for (row, title) in rows.iter().zip(TITLES) {
        assert!(row.starts_with(title), "{row}");
        let columns = row[title.len()..].split_whitespace().count();
        let expected = if title.starts_with("big spec") { 2 } else { 3 };
        assert_eq!(columns, expected, "{row}");
    }
    assert!(notes.contains("since no --big-schema was given: big spec; big spec, peak RSS."));
    assert!(
        !table.contains('\u{1b}'),
        "there is no terminal for colours"
    );
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn json_has_every_key() {
    let json = bench(&["--big-schema", "petstore", "--json"]).expect("JSON");
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["rounds"], 2);
    assert_eq!(report["calls_per_round"], 20);
    assert_eq!(report["call"], "FetchSchema of petstore");
    assert_eq!(report["ratios"], serde_json::json!({}));
    let plugin = &report["plugins"][0];
    assert_eq!(plugin["name"], "hello");
    let medians = plugin["medians"].as_object().expect("an object");
    assert_eq!(medians.len(), KEYS.len());
    if cfg!(target_os = "linux") {
        assert_eq!(plugin["not_measured"], serde_json::json!({}));
        for key in KEYS {
            assert!(medians[key].as_f64() > Some(0.0), "{key}: {json}");
        }
    }
}

#[test]
fn big_schema_missing_is_skipped() {
    let table = bench(&["--big-schema", "other"]).expect("a table");
    let reason = "not measured, since FetchSchema of other: ";
    assert!(table.contains(reason), "{table}");
}

#[test]
fn schema_missing_is_an_error() {
    let error = bench(&["--schema", "other"]).expect_err("no such schema");
    let hint = "name a schema that it has with --schema";
    assert!(
        error.contains("cvt-plugin-hello: FetchSchema of other: "),
        "{error}"
    );
    assert!(error.contains(hint), "{error}");
}

#[test]
fn vs_is_a_path_and_not_looked_up_in_path() {
    let error = bench(&["--vs", "sh"]).expect_err("no such file");
    assert!(error.contains("cvtplugin-cli/sh"), "{error}");
}

#[test]
fn stdout_closed_early_is_not_an_error() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = Command::new(COMMAND)
        .arg("bench")
        .arg(&*HELLO)
        .args(["--rounds", "1", "--calls", "1", "--json"])
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .expect("cvt-plugin starts");
    assert!(output.status.success(), "{output:?}");
}
