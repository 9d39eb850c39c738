//! `cvt-plugin check` on each broken plugin: it finds what is wrong, and nothing else.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::sync::Arc;

use clap::ValueEnum as _;
use cvt_plugin_broken::Fault;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many plugins are checked at once: most of the time they wait.
const AT_ONCE: usize = 12;

const BROKEN: &str = env!("CARGO_BIN_EXE_cvt-plugin-broken");

/// A level, the id of the check that has it, and part of what it found.
type Finding = (&'static str, &'static str, &'static str);

/// All that is to be found of a fault.
fn expected(fault: Fault) -> Vec<Finding> {
    let only = match fault {
        Fault::None | Fault::LeaksSecretInRefusal | Fault::FailsAtTheEnd | Fault::LeavesSocket => {
            return expected_twice(fault);
        }
        Fault::IgnoresCookie => ("fail", "no-cookie", "serves all the same"),
        Fault::TakesAnyCookie => ("fail", "no-cookie", "a wrong value"),
        Fault::ExplainsOnStdout => ("fail", "no-cookie", "prints to stdout"),
        Fault::NoiseBeforeHandshake => ("fail", "stdout-before", "Loading the plugin"),
        Fault::NoiseAfterHandshake => ("fail", "stdout-after", "The plugin is ready."),
        Fault::LateHandshake => ("fail", "handshake", "within 5s"),
        Fault::VersionInHandshake | Fault::VersionInInfo => {
            ("fail", "protocol-version", "version 2")
        }
        Fault::NoHealth => ("fail", "ping", "not served"),
        Fault::HealthOfAnotherName => ("fail", "ping", "no such service"),
        Fault::Nameless => ("warn", "info", "its name"),
        Fault::MisnamedService => ("fail", "info", "no service \"registry\""),
        Fault::UnservedRegistry => ("fail", "declared", "registry.v1 is declared"),
        Fault::UndeclaredEvents => ("fail", "undeclared", "events.v1 is not declared"),
        Fault::RespondsToAnything => ("fail", "unknown", "OnSomethingNew: OK"),
        Fault::NotServing => ("fail", "health", "not serving"),
        Fault::RefusesUnknownKeys => ("fail", "unknown-key", "InvalidArgument"),
        Fault::DiesOfMalformed => ("fail", "malformed", "it no longer serves"),
        Fault::DiesOfPanic => ("warn", "odd", "FetchSchema with an empty request"),
        Fault::TakesAnySize => ("warn", "oversized", "5 MiB: OK"),
        Fault::StallsUnderLoad => ("fail", "concurrency", "33 get no response"),
        Fault::IgnoresDeadlines => ("fail", "deadline", "never ends"),
        Fault::RespondsLate => ("warn", "deadline", "a deadline of 1 ms: OK after"),
        Fault::LeaksSecretToLog | Fault::LeaksEncodedSecret => {
            ("fail", "secrets", "\"token\" turns up in the log")
        }
        Fault::LeaksSecretInError | Fault::LeaksOddSecret => {
            ("fail", "secrets", "\"token\" turns up in an error")
        }
        Fault::NumericMessage => ("fail", "logs", "@message is 42"),
        Fault::OddTimestamps => ("warn", "logs", "05.000Z"),
        Fault::LongLines => ("warn", "logs", "a line of 700"),
        Fault::HangsOnShutdown => ("fail", "shutdown", "no response to Shutdown"),
        Fault::StaysAfterShutdown => ("fail", "shutdown", "still there"),
        Fault::DropsCalls => ("warn", "in-flight", "16 are cut off"),
        Fault::LeavesChild => ("fail", "streams", "open after the end"),
        Fault::SharedDirectory => ("warn", "private-socket", "of mode 0777 in"),
        Fault::IgnoresSocketDirectory => ("warn", "socket-directory", "not in the directory"),
        Fault::DiesOfSigint => ("fail", "sigint", "it no longer serves"),
        Fault::DiesOfSigterm => ("warn", "sigterm", "SIGTERM"),
        Fault::IgnoresSigterm | Fault::WaitsForStreams => ("fail", "sigterm", "still there"),
        Fault::Orphan => ("warn", "orphan", "outlives its killed host"),
    };
    vec![only]
}

/// All that is to be found of a fault that shows in two places, or in none.
fn expected_twice(fault: Fault) -> Vec<Finding> {
    match fault {
        Fault::LeaksSecretInRefusal => {
            vec![
                ("fail", "config", "no token: [redacted]"),
                ("fail", "secrets", "\"token\" turns up in an error"),
            ]
        }
        Fault::FailsAtTheEnd => {
            vec![
                ("fail", "shutdown", "exit status: 3"),
                ("warn", "sigterm", "exit status: 3"),
            ]
        }
        Fault::LeavesSocket => {
            vec![
                ("fail", "socket-removed", "left behind"),
                ("warn", "sigterm", "left behind"),
            ]
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn faults_are_each_found_and_nothing_else() {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut checks = JoinSet::new();
    for fault in Fault::value_variants() {
        let turns = turns.clone();
        checks.spawn(async move {
            let _turn = turns.acquire().await.expect("it stays open");
            (*fault, check(*fault, &[]).await)
        });
    }
    let mut wrong = Vec::new();
    for (fault, report) in checks.join_all().await {
        wrong.extend(differences(fault, &report.document));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn faultless_plugin_passes_every_check() {
    let report = check(Fault::None, &["--strict"]).await;
    let levels = report.levels();
    assert!(levels.len() > 25, "{levels:?}");
    assert!(levels.iter().all(|level| level == "pass"), "{levels:?}");
    assert_eq!(report.document["ok"], true);
    assert_eq!(report.code, 0);
}

#[tokio::test]
async fn warnings_count_only_if_strict() {
    let lax = check(Fault::OddTimestamps, &[]).await;
    assert_eq!((lax.code, &lax.document["ok"]), (0, &Value::Bool(true)));
    let strict = check(Fault::OddTimestamps, &["--strict"]).await;
    assert_eq!(
        (strict.code, &strict.document["ok"]),
        (1, &Value::Bool(false))
    );
}

#[tokio::test]
async fn secret_leaked_is_not_repeated() {
    let report = check(Fault::LeaksSecretInRefusal, &[]).await;
    assert_eq!(report.code, 1);
    assert!(
        !report.document.to_string().contains("canary"),
        "{report:?}"
    );
}

#[tokio::test]
async fn secrets_empty_or_short_do_not_hide_a_leak() {
    let arguments = ["--config", "token=", "--config", "pin=1", "--secret", "pin"];
    let report = check(Fault::LeaksSecretToLog, &arguments).await;
    let wrong = differences(Fault::LeaksSecretToLog, &report.document);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn timeout_of_the_config_file_applies_to_calls() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("config.yaml");
    let config = "plugins: {broken: {binary: /nowhere, timeout: 50ms}}";
    std::fs::write(&path, config).expect("it is ours");
    let path = path.to_str().expect("a text");
    // It takes its time only if a call has little.
    let report = check(Fault::RespondsLate, &["--config-file", path]).await;
    let cut_off = report.check("in-flight");
    assert_eq!(cut_off["level"], "warn", "{report:?}");
}

/// The output of `cvt-plugin check --json`, and its exit code.
#[derive(Debug)]
struct Report {
    document: Value,
    code: i32,
}

impl Report {
    fn check(&self, id: &str) -> &Value {
        let checks = self.document["checks"].as_array().expect("a list");
        let mut checks = checks.iter();
        checks.find(|check| check["id"] == id).expect(id)
    }

    fn levels(&self) -> Vec<String> {
        let checks = self.document["checks"].as_array().expect("a list");
        let levels = checks.iter().map(|check| &check["level"]);
        levels
            .map(|level| level.as_str().expect("a text").to_owned())
            .collect()
    }
}

async fn check(fault: Fault, arguments: &[&str]) -> Report {
    // What plugins that are killed leave behind goes with it. Everybody may enter, as usual.
    let directory = TempDir::new().expect("a directory");
    let usual = Permissions::from_mode(0o755);
    std::fs::set_permissions(directory.path(), usual).expect("it is ours");
    let output = Command::new(cvtplugin_testkit::plugins::command(BROKEN.as_ref()))
        .args(["check", "--json", "--secret", "token"])
        .args(arguments)
        .arg(BROKEN)
        .env("BROKEN", fault.name())
        .env("TMPDIR", directory.path())
        .stdin(Stdio::null())
        .output();
    let output = output.await.expect("it runs");
    let document = serde_json::from_slice(&output.stdout);
    Report {
        document: document.unwrap_or_else(|error| panic!("{fault:?}: {error}: {output:?}")),
        code: output.status.code().expect("an exit code"),
    }
}

/// How a report differs from what is expected.
fn differences(fault: Fault, document: &Value) -> Vec<String> {
    let checks = document["checks"].as_array().expect("a list");
    let findings = checks.iter().filter(|check| {
        let level = check["level"].as_str().expect("a text");
        ["fail", "warn"].contains(&level)
    });
    let findings: Vec<_> = findings.collect();
    let expected = expected(fault);
    let is_there = |(level, id, transcript): &Finding| {
        findings.iter().any(|check| {
            let found = check["found"].as_str().expect("a text");
            check["level"] == *level && check["id"] == *id && found.contains(transcript)
        })
    };
    let missing = expected.iter().filter(|finding| !is_there(finding));
    let mut differences: Vec<_> = missing
        .map(|finding| format!("{fault:?}: {finding:?} is missing"))
        .collect();
    if findings.len() != expected.len() || !differences.is_empty() {
        differences.push(format!("{fault:?}: found were {findings:#?}"));
    }
    differences
}
