//! `cvt-plugin call`: requests, answers, and what goes where.

use serde_json::json;

use crate::support::{Running, call, command, file, plugin, workspace};

const TYPED: [&str; 4] = ["--config", "greeting=hello", "--config", "audience=world"];

fn call_typed(words: &[&str]) -> crate::support::Ran {
    call("typed", &[&TYPED, words].concat())
}

#[test]
fn the_answer_is_all_of_stdout_and_a_spec_in_it_is_a_document() {
    let ran = call("hello", &["FetchSchema", "schema_id=petstore"]).succeeded();
    let ran = ran.said(&["launched in ", "answered in ", "ended in "]);
    let answer = ran.answer();
    assert_eq!(answer["spec"]["info"]["title"], "Petstore");
    assert_eq!(answer["resolved_version"], "");
}

#[test]
fn a_field_of_the_answer_can_be_had_as_it_is() {
    let spec = call(
        "hello",
        &["fetch-schema", "schema_id=petstore", "--raw", "spec"],
    )
    .succeeded();
    let petstore = workspace().join("examples/hello/src/petstore.json");
    assert_eq!(
        spec.stdout,
        std::fs::read_to_string(petstore).expect("a spec")
    );
    let services = call("hello", &["Info", "--raw", "services"]).succeeded();
    assert_eq!(services.answer(), json!(["registry.v1", "events.v1"]));
    call("hello", &["Info", "--raw", "service"]).failed(&["did you mean `services`?"]);
}

#[test]
fn a_call_that_fails_shows_code_and_message() {
    let ran = call("hello", &["FetchSchema", "schema_id=other"]);
    ran.failed(&["error: NotFound: no such schema", "ended in "]);
}

#[test]
fn a_call_that_the_plugin_opts_out_of_is_explained() {
    call("typed", &["OnValidationFailed"]).failed(&["error: Unimplemented", "opts out"]);
}

#[test]
fn the_services_of_the_handshake_can_be_called_too() {
    let info = call("hello", &["info"]).succeeded().answer();
    assert_eq!(
        (&info["name"], &info["protocol_version"]),
        (&json!("hello"), &json!(1))
    );
    let health = call("hello", &["HEALTH"]).succeeded().answer();
    assert_eq!(health, json!({"status": "SERVING"}));
    call("typed", &["SetConfig", "key=times", "value=many"])
        .failed(&["InvalidArgument", "expected a whole number"]);
}

#[test]
fn the_config_of_the_command_line_reaches_the_plugin() {
    let greeting = call_typed(&["FetchSchema", "schema_id=greeting", "--config", "times=2"]);
    assert_eq!(greeting.succeeded().answer()["spec"], "hellohello");
    let refused = call_typed(&["Info", "--config", "times=many"]);
    refused.failed(&["SetConfig \"times\"", "expected a whole number"]);
}

#[test]
fn a_config_without_its_key_is_refused_and_not_shown() {
    for config in ["hunter2", "=hunter2"] {
        let ran = call("hello", &["Info", "--config", config]).failed(&["KEY=VALUE"]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}

#[test]
fn what_the_plugin_logs_goes_to_stderr_and_secrets_do_not() {
    let words = [
        "FetchSchema",
        "schema_id=leak-log",
        "--config",
        "token=hunter2",
    ];
    let ran = call_typed(&words).succeeded().said(&[
        "ERROR typed: Bearer [redacted] ",
        " token=[redacted]\n",
        "INFO  typed: shut down number=1 ",
        "DEBUG Bearer [redacted]\n",
    ]);
    assert_eq!(ran.answer()["spec"], "leaked");
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn what_the_plugin_prints_is_seen_while_it_runs() {
    let mut command = command();
    command.arg("call").arg(plugin("echo"));
    command.args(["FetchSchema", "schema_id=ask:ready?"]);
    let mut running = Running::start(command);
    running.says("stdout| ready?");
    let ran = running.answer("yes\n").succeeded();
    assert_eq!(ran.answer()["spec"], "yes\n");
}

#[test]
fn a_request_may_be_json_from_anywhere() {
    let request = r#"{"schemaId": "petstore"}"#;
    let (_folder, path) = file("request.json", request);
    let from_file = format!("@{}", path.display());
    for json in [request, &from_file] {
        let ran = call(
            "hello",
            &["FetchSchema", "--json", json, "--raw", "resolved_version"],
        );
        assert_eq!(ran.succeeded().stdout, "");
    }
    let mut from_stdin = command();
    from_stdin
        .arg("call")
        .arg(plugin("hello"))
        .args(["FetchSchema", "--json", "-"]);
    Running::start(from_stdin).answer(request).succeeded();
}

#[test]
fn a_request_that_does_not_fit_is_refused_before_anything_is_launched() {
    for (words, parts) in [
        (
            &["FetchSchema", "schema=x"][..],
            &["no field `schema`", "schema_id, version"][..],
        ),
        (
            &["FetchSchema", "petstore"],
            &["`petstore` is not of the form FIELD=VALUE"],
        ),
        (
            &["OnValidationFailed", "errors=x"],
            &["`errors` is a list of ValidationError"],
        ),
        (
            &["FetchSchema", "--json", "[]"],
            &["--json is no JSON object"],
        ),
        (&["FetchSchema", "--json", "@/none"], &["cannot read /none"]),
        (
            &["FetchShema"],
            &["no RPC `FetchShema`; did you mean `FetchSchema`?"],
        ),
        (&[], &["say which RPC to call", "OnValidationFailed"]),
    ] {
        let ran = call("hello", words).failed(parts);
        assert!(!ran.stderr.contains("launched"), "{}", ran.stderr);
    }
}

#[test]
fn a_call_may_take_as_long_as_is_said() {
    let words = ["FetchSchema", "schema_id=sleep", "--timeout", "50ms"];
    call_typed(&words).failed(&["error: DeadlineExceeded"]);
}

#[test]
fn metadata_is_sent_along() {
    let words = ["FetchSchema", "schema_id=meta", "--metadata", "x-trace=42"];
    let answer = call("echo", &words).succeeded().answer();
    assert_eq!(answer["spec"]["x-trace"], json!(["42"]));
}

#[test]
fn metadata_that_cannot_be_sent_is_refused_before_anything_is_launched() {
    for (metadata, part) in [
        ("Bad Key=1", "`Bad Key` is no key"),
        ("x-trace-bin=1", "without `-bin`"),
        ("x-trace=\n", "printable ASCII"),
    ] {
        let ran = call("echo", &["Info", "--metadata", metadata]).said(&[part]);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(!ran.stderr.contains("launched"), "{}", ran.stderr);
    }
}
