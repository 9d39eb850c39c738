//! `cvt-plugin docs` and `cvt-plugin schema`, and what plugins print for them.

use expect_test::expect;
use serde_json::{Value, json};

use crate::support::{command, file, plugin, run, workspace};

/// The keys of `typed` that are required.
const REQUIRED: &str = "greeting: hi, audience: you";

/// Good and bad configs of `typed`, as they stand in config.yaml.
const GOOD: [&str; 38] = [
    "greeting: 1, audience: true",
    "greeting: '${GREETING:-hi}', audience: you",
    "times: 3",
    "times: '3'",
    "times: +03",
    "times: 0",
    "times: ",
    "times: ''",
    "times: null",
    "times: '${TIMES:-2}'",
    "times: 18446744073709551615",
    "times: '18446744073709551615'",
    "token: s3cret, pin: 1234",
    "token: ''",
    "delay: 0s",
    "delay: 1ms",
    "delay: '0'",
    "delay: 1ms 2us",
    "delay: 0.001s",
    "share: 0.5",
    "share: 1",
    "share: '1e-3'",
    "share: .5",
    "share: -Inf",
    "offset: -128",
    "offset: '127'",
    "offset: -0",
    "level: 1",
    "level: '65535'",
    "strict: true",
    "strict: 'false'",
    "mark: x",
    "mark: é",
    "mark: 7",
    "ports: 80",
    "ports: 80, audience: them",
    "ports: ' 80, ,443,'",
    "unknown: 5",
];

const BAD: [&str; 34] = [
    "greeting: , audience: you",
    "greeting: ''",
    "audience: null",
    "times: many",
    "times: -1",
    "times: '-1'",
    "times: 1.5",
    "times: true",
    "times: ' 3'",
    "times: 18446744073709551616",
    "times: '18446744073709551616'",
    "times: '99999999999999999999'",
    "delay: 30",
    "delay: '30'",
    "delay: soon",
    "delay: 1.s",
    "delay: 5 parsecs",
    "delay: true",
    "share: half",
    "share: .",
    "share: 1e",
    "offset: 128",
    "offset: '-129'",
    "offset: '--1'",
    "level: 0",
    "level: '000'",
    "level: 65536",
    "level: '-1'",
    "strict: '1'",
    "strict: 1",
    "mark: xy",
    "mark: 77",
    "ports: 80 443",
    "ports: '80,65536'",
];

/// The config with the required keys, unless it has one of its own.
fn whole(config: &str) -> String {
    let has = |key: &str| config.contains(key);
    let required = REQUIRED.split(", ");
    let missing = required.filter(|pair| !has(&pair[..=pair.find(':').expect("a pair")]));
    let mut pairs: Vec<_> = missing.collect();
    pairs.push(config);
    format!("{{{}}}", pairs.join(", "))
}

fn json_of(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

/// Whether the plugin accepts a config, by CVT's own rules for config.yaml.
fn is_accepted(config: &str) -> bool {
    let text = format!("plugins: {{typed: {{binary: /typed, config: {config}}}}}");
    let (_directory, path) = file("config.yaml", &text);
    let ran = command()
        .arg("call")
        .arg(plugin("typed"))
        .args(["FetchSchema", "schema_id=audience", "--config-file"])
        .arg(path)
        .output();
    ran.expect("it runs").status.success()
}

fn schema_of_typed() -> jsonschema::Validator {
    let printed = std::process::Command::new(plugin("typed"))
        .arg("--schema")
        .output();
    let schema = serde_json::from_slice(&printed.expect("it runs").stdout).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn schema_agrees_with_the_plugin() {
    let schema = schema_of_typed();
    let good = GOOD.iter().map(|config| (whole(config), true));
    let mut bad: Vec<_> = BAD.iter().map(|config| (whole(config), false)).collect();
    bad.push(("{greeting: hi}".to_owned(), false));
    bad.push(("{}".to_owned(), false));
    let mut wrong = Vec::new();
    for (config, expected) in good.chain(bad) {
        let by_schema = schema.is_valid(&json_of(&config));
        let by_plugin = is_accepted(&config);
        if (by_schema, by_plugin) != (expected, expected) {
            wrong.push(format!("{config}: schema {by_schema}, plugin {by_plugin}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn schema_shows_no_secret_and_what_is_known_of_the_rest() {
    let printed = std::process::Command::new(plugin("typed"))
        .arg("--schema")
        .output();
    let schema: Value = serde_json::from_slice(&printed.expect("it runs").stdout).expect("JSON");
    assert_eq!(schema["required"], json!(["greeting", "audience"]));
    let times = &schema["properties"]["times"];
    assert_eq!(times["default"], "1");
    assert_eq!(
        times["description"],
        "How many times the greeting is repeated."
    );
    assert_eq!(
        schema["properties"]["greeting"]["examples"],
        json!(["hello"])
    );
    assert_eq!(schema["properties"]["token"]["writeOnly"], true);
}

#[test]
fn schema_of_the_config_file_has_the_plugins_configs() {
    let printed = run([
        "schema".as_ref(),
        plugin("typed").as_os_str(),
        plugin("hello").as_os_str(),
    ]);
    let schema = printed.succeeded().response();
    jsonschema::draft202012::meta::validate(&schema).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let typed = |more: &str| format!("plugins: {{typed: {{binary: ~/.cvt/plugins/t, {more}}}}}");
    let good = "config: {greeting: hi, audience: you}";
    for (yaml, expected) in [
        (typed(good), true),
        (
            typed(&format!(
                "timeout: 1m30s, on_error: fail_open, secrets: [token], {good}"
            )),
            true,
        ),
        (
            format!(
                "config_version: 1\n{}\nhooks: {{fetch_schema: typed, on_validation_failed: }}",
                typed(good)
            ),
            true,
        ),
        (
            "plugins: {hello: {binary: /h}, other: {binary: /o, config: {a: 1}}}".to_owned(),
            true,
        ),
        ("plugins: \nhooks: ".to_owned(), true),
        ("config_version: 2".to_owned(), false),
        ("plugin: {}".to_owned(), false),
        ("hooks: {on_fire: typed}".to_owned(), false),
        (typed("config: {greeting: hi}"), false),
        (typed("timeout: 5s"), false),
        (typed(&format!("timeout: 5, {good}")), false),
        (typed(&format!("timeout: 5 s, {good}")), false),
        (typed(&format!("on_error: ignore, {good}")), false),
        (typed(&format!("retries: 3, {good}")), false),
        (
            typed("config: {greeting: hi, audience: you, times: many}"),
            false,
        ),
        ("plugins: {hello: {}}".to_owned(), false),
        (
            "plugins: {hello: {binary: cvt-plugin-hello}}".to_owned(),
            false,
        ),
        ("plugins: {Hello: {binary: /h}}".to_owned(), false),
        (
            "plugins: {other: {binary: /o, config: {a: [1]}}}".to_owned(),
            false,
        ),
    ] {
        assert_eq!(schema.is_valid(&json_of(&yaml)), expected, "{yaml}");
    }
}

#[test]
fn schema_of_another_kind_of_plugin_is_refused() {
    let (_directory, path) = file("cvt-plugin-other", "#!/bin/sh\necho {}\n");
    run(["schema".as_ref(), path.as_os_str()]).failed(&["expected a plugin built with cvtplugin"]);
}

#[test]
fn docs_are_written_and_drift_is_noticed() {
    let text =
        "# Typed\n\n<!-- cvt-plugin docs: begin -->\n<!-- cvt-plugin docs: end -->\n\nMore.\n";
    let (_directory, path) = file("README.md", text);
    let docs = |more: &[&str]| {
        let mut command = command();
        command.arg("docs").arg("--plugin").arg(plugin("typed"));
        let ran = command.args(more).arg(&path).output().expect("it runs");
        crate::support::Ran::from(ran)
    };
    docs(&["--check"]).failed(&["not up to date", "run `cvt-plugin docs --plugin"]);
    let unchanged = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(unchanged, text);
    docs(&[]).succeeded().printed(&["is written"]);
    docs(&["--check"]).succeeded();
    let written = std::fs::read_to_string(&path).expect("the file");
    expect![[r"
        # Typed

        <!-- cvt-plugin docs: begin -->

        | CVT's hook | RPC |
        | --- | --- |
        | `fetch_schema` | `FetchSchema` |
        | `register_consumer_usage` | `RegisterConsumerUsage` |

        | config key | type | default | example | description |
        | --- | --- | --- | --- | --- |
        | `greeting` | `String` | *required* | `hello` | What the plugin responds with. |
        | `audience` | `String` | *required* | `world` | Who may know the greeting. |
        | `token` | `SecretString`, secret |  |  | Sent along with everything. |
        | `pin` | `SecretString`, secret |  |  | Opens what the token does not. |
        | `delay` | `Duration` | `0s` |  | How long the constructor takes. |
        | `times` | `usize` | `1` |  | How many times the greeting is repeated. |
        | `share` | `f64` |  |  |  |
        | `offset` | `i8` |  |  |  |
        | `level` | `NonZeroU16` |  |  |  |
        | `strict` | `bool` |  |  |  |
        | `mark` | `char` |  |  |  |
        | `ports` | `Vec<u16>` |  |  |  |

        <!-- cvt-plugin docs: end -->

        More.
    "]]
    .assert_eq(&written);
    std::fs::write(&path, written.replace("| `times` |", "| `time` |")).expect("the file");
    docs(&["--check"]).failed(&["not up to date"]);
    std::fs::write(&path, "# Typed\n").expect("the file");
    docs(&[]).failed(&["missing markers"]);
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn docs_of_a_package_are_those_of_its_binary() {
    let directory = workspace().join("examples/hello");
    let (_directory, path) = file(
        "README.md",
        "<!-- cvt-plugin docs: begin -->\n<!-- cvt-plugin docs: end -->\n",
    );
    let mut command = command();
    command
        .arg("docs")
        .arg("--plugin")
        .arg(directory)
        .arg(&path);
    let ran = crate::support::Ran::from(command.output().expect("it runs"));
    ran.succeeded();
    let written = std::fs::read_to_string(&path).expect("the file");
    assert!(
        written.contains("| `fetch_schema` | `FetchSchema` |"),
        "{written}"
    );
    assert!(written.contains("It has no config."), "{written}");
}
