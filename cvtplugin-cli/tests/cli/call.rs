//! `cvt-plugin call`: requests, responses, and what goes where.

use serde_json::json;

use crate::support::{Ran, Running, call, command, file, plugin, workspace};

const TYPED: [&str; 4] = ["--config", "greeting=hello", "--config", "audience=world"];

fn call_typed(arguments: &[&str]) -> crate::support::Ran {
    call("typed", &[&TYPED, arguments].concat())
}

#[test]
fn stdout_is_the_response_and_a_spec_in_it_is_a_document() {
    let ran = call("hello", &["FetchSchema", "schema_id=petstore"]).succeeded();
    let ran = ran.printed(&["launched in ", "responded in ", "ended in "]);
    let response = ran.response();
    assert_eq!(response["spec"]["info"]["title"], "Petstore");
    assert_eq!(response["resolved_version"], "");
}

#[test]
fn log_has_the_outcome_unless_told_otherwise() {
    let outcome = "DEBUG hello: handled ";
    let fetch = ["FetchSchema", "schema_id=petstore"];
    let ran = call("hello", &fetch).succeeded().printed(&[outcome]);
    assert!(!ran.stderr.contains("a connection broke"), "{}", ran.stderr);
    let mut quiet = command();
    quiet.arg("call").arg(plugin("hello")).args(fetch);
    let quiet = quiet.env("CVT_PLUGIN_LOG", "info").output();
    let quiet = Ran::from(quiet.expect("it runs")).succeeded();
    assert!(!quiet.stderr.contains(outcome), "{}", quiet.stderr);
}

#[test]
fn raw_prints_one_field_as_it_is() {
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
    assert_eq!(services.response(), json!(["registry.v1", "events.v1"]));
    assert!(!spec.stderr.contains("passes over"), "{}", spec.stderr);
    call("hello", &["Info", "--raw", "service"]).failed(&["did you mean `services`?"]);
}

#[test]
fn failed_call_shows_code_and_message() {
    let ran = call("hello", &["FetchSchema", "schema_id=other"]);
    ran.failed(&["error: NotFound: no such schema", "ended in "]);
}

#[test]
fn spec_that_cvt_passes_over_is_noted() {
    let ran = call("echo", &["FetchSchema", "schema_id=any"]).succeeded();
    ran.printed(&["CVT passes over this spec: it is not a JSON document"]);
}

#[test]
fn undeclared_service_is_explained() {
    call("typed", &["OnValidationFailed"])
        .failed(&["error: Unimplemented", "does not declare events.v1"]);
}

#[test]
fn handshake_rpcs_can_be_called() {
    let info = call("hello", &["info"]).succeeded().response();
    assert_eq!(
        (&info["name"], &info["protocol_version"]),
        (&json!("hello"), &json!(1))
    );
    let health = call("hello", &["HEALTH"]).succeeded().response();
    assert_eq!(health, json!({"status": "SERVING"}));
    call("typed", &["SetConfig", "key=times", "value=many"])
        .failed(&["InvalidArgument", "expected a whole number"]);
}

#[test]
fn config_argument_reaches_the_plugin() {
    let greeting = call_typed(&["FetchSchema", "schema_id=greeting", "--config", "times=2"]);
    assert_eq!(greeting.succeeded().response()["spec"], "hellohello");
    let refused = call_typed(&["Info", "--config", "times=many"]);
    refused.failed(&["SetConfig \"times\"", "expected a whole number"]);
}

#[test]
fn config_left_out_is_asked_for() {
    let fetch = ["FetchSchema", "schema_id=any"];
    let hint = "give it by --config or --config-file";
    call("typed", &fetch).failed(&["missing 2 required config keys", hint]);
    let partly = [&TYPED[..2], &fetch].concat();
    let partly = call("typed", &partly).failed(&["missing required config key"]);
    assert!(!partly.stderr.contains(hint), "{}", partly.stderr);
}

#[test]
fn config_argument_without_key_is_refused_and_not_shown() {
    for config in ["hunter2", "=hunter2"] {
        let ran = call("hello", &["Info", "--config", config]).failed(&["KEY=VALUE"]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}

#[test]
fn plugin_log_goes_to_stderr_without_secrets() {
    let arguments = [
        "FetchSchema",
        "schema_id=leak-log",
        "--config",
        "token=hunter2",
    ];
    let ran = call_typed(&arguments).succeeded().printed(&[
        "ERROR typed: Bearer [redacted] ",
        " token=[redacted]\n",
        "INFO  typed: shut down number=1 ",
        "stderr| Bearer [redacted]\n",
    ]);
    let printed = ran.stderr.matches(" Bearer [redacted]\n");
    assert_eq!(printed.count(), 2, "once for each stream: {}", ran.stderr);
    assert_eq!(ran.response()["spec"], "leaked");
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn plugin_output_is_shown_while_it_runs() {
    let mut command = command();
    command.arg("call").arg(plugin("echo"));
    command.args(["FetchSchema", "schema_id=ask:ready?"]);
    let mut running = Running::start(command);
    running.prints("stdout| ready?");
    let ran = running.response("yes\n").succeeded();
    assert_eq!(ran.response()["spec"], "yes\n");
}

#[test]
fn request_json_is_read_from_argument_file_and_stdin() {
    let request = r#"{"schemaId": "petstore"}"#;
    let (_directory, path) = file("request.json", request);
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
    Running::start(from_stdin).response(request).succeeded();
}

#[test]
fn request_invalid_is_refused_before_the_launch() {
    for (arguments, parts) in [
        (
            &["FetchSchema", "schema=x"][..],
            &["no field `schema`", "schema_id, version"][..],
        ),
        (
            &["FetchSchema", "petstore"],
            &["invalid field `petstore`: expected FIELD=VALUE"],
        ),
        (
            &["OnValidationFailed", "errors=x"],
            &["`errors` is a list of ValidationError"],
        ),
        (
            &["FetchSchema", "--json", "[]"],
            &["invalid value for --json: expected a JSON object"],
        ),
        (&["FetchSchema", "--json", "@/none"], &["cannot read /none"]),
        (
            &["FetchShema"],
            &["unknown RPC `FetchShema`; did you mean `FetchSchema`?"],
        ),
        (&[], &["missing RPC: expected one of", "OnValidationFailed"]),
    ] {
        let ran = call("hello", arguments).failed(parts);
        assert!(!ran.stderr.contains("launched"), "{}", ran.stderr);
    }
}

#[test]
fn timeout_argument_bounds_the_call() {
    let arguments = ["FetchSchema", "schema_id=sleep", "--timeout", "50ms"];
    call_typed(&arguments).failed(&["error: DeadlineExceeded"]);
}

#[test]
fn metadata_is_sent_along() {
    let arguments = ["FetchSchema", "schema_id=meta", "--metadata", "x-trace=42"];
    let response = call("echo", &arguments).succeeded().response();
    assert_eq!(response["spec"]["x-trace"], json!(["42"]));
}

#[test]
fn metadata_invalid_is_refused_before_the_launch() {
    for (metadata, part) in [
        ("Bad Key=1", "invalid metadata key `Bad Key`"),
        ("x-trace-bin=1", "without `-bin`"),
        ("x-trace=\n", "printable ASCII"),
    ] {
        let ran = call("echo", &["Info", "--metadata", metadata]).printed(&[part]);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(!ran.stderr.contains("launched"), "{}", ran.stderr);
    }
}
