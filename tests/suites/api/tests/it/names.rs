//! Codes, RPCs, protocol constants and names convert to and from their text.

use cvtplugin::{Code, ConfigKey, PluginInfo, Rpc, launched_by_host, protocol};

#[test]
fn codes_are_those_of_grpc() {
    for number in 1..=16 {
        let code = Code::try_from(number).expect("a code");
        assert_eq!(i32::from(code), number);
    }
    for number in [0, -1, 17] {
        let error = Code::try_from(number).expect_err("no code");
        let expected = format!("invalid error code {number}: expected 1 to 16");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn rpcs_are_parsed_as_they_are_shown() {
    for rpc in Rpc::ALL {
        assert_eq!(rpc.to_string().parse(), Ok(*rpc));
    }
    assert_eq!(format!("{:>14}|", Rpc::FetchSchema), "   FetchSchema|");
    let error = "Fetch".parse::<Rpc>().expect_err("no RPC");
    assert_eq!(
        error.to_string(),
        "unknown RPC \"Fetch\": expected one of FetchSchema, RegisterConsumerUsage, \
         OnBreakingChangeDetected, OnValidationFailed"
    );
}

#[test]
fn rpcs_belong_to_a_service_of_the_protocol() {
    let services = [protocol::SERVICE_REGISTRY_V1, protocol::SERVICE_EVENTS_V1];
    assert!(Rpc::ALL.iter().all(|rpc| services.contains(&rpc.service())));
}

#[test]
fn launched_by_host_is_false_in_a_test() {
    assert!(!launched_by_host());
}

#[test]
#[should_panic(expected = "invalid plugin name \"my_plugin\": expected a lower-case letter")]
fn name_that_cvt_rejects_is_rejected() {
    let _ = PluginInfo::new("my_plugin", "0.1.0");
}

#[test]
#[should_panic(expected = "invalid plugin version \" \"")]
fn version_that_is_blank_is_rejected() {
    let _ = PluginInfo::new("rest", " ");
}

const KEYS: &[ConfigKey] = &[
    ConfigKey::plain("address", "Where it listens.").required(),
    ConfigKey::secret("token", "").with_example("${TOKEN}"),
    ConfigKey::plain("mode", "").with_default("lenient"),
];

#[test]
fn keys_are_constants() {
    let [address, token, mode] = KEYS else {
        panic!("three keys");
    };
    assert!(address.is_required() && !address.is_secret());
    assert_eq!(address.description(), "Where it listens.");
    assert!(token.is_secret() && !token.is_required());
    assert_eq!(token.example(), Some("${TOKEN}"));
    assert_eq!(mode.default_value().as_deref(), Some("lenient"));
}
