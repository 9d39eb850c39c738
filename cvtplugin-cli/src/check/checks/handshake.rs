//! The first calls of a host: `Info`, `Health`, `SetConfig`.

use cvtplugin::Health;
use cvtplugin::pb::handshake::v1::SetConfigRequest;
use prost::Message as _;

use super::start::{Start, Step};
use crate::check::calls::Response;
use crate::check::context::Run;
use crate::check::outcome::{Finding, Outcome};
use crate::services;

const SET_CONFIG: &str = "/cvt.plugin.handshake.v1.PluginHandshake/SetConfig";

/// The plugin has a name, a version, and services that CVT knows.
pub(in crate::check) fn info(start: &Start) -> Outcome {
    Step::Info.of(start, "")?;
    let Ok(info) = start else {
        return Ok("responds".to_owned());
    };
    let known = services::known();
    let mut declared = info.services.iter();
    if let Some(unknown) = declared.find(|name| !known.contains(&name.as_str())) {
        return Err(misdeclared(format!("CVT knows no service {unknown:?}")));
    }
    if info.services.is_empty() {
        return Err(misdeclared("it declares no service, so CVT never calls it"));
    }
    if info.name.is_empty() || info.version.is_empty() {
        return Err(Finding::warn(
            "its name or its version is empty",
            "fill in Info's name and version: they are what an operator sees in CVT's log",
        ));
    }
    let services = info.services.join(", ");
    Ok(format!("{} {}: {services}", info.name, info.version))
}

fn misdeclared(found: impl Into<String>) -> Finding {
    let advice = format!(
        "declare in Info's services what the plugin serves of {}",
        services::known().join(", ")
    );
    Finding::fail(found, advice)
}

/// The plugin is ready, in its own opinion.
pub(in crate::check) async fn health(run: &Run) -> Outcome {
    let found = match run.health().await {
        Ok(Health::Serving) => return Ok("SERVING".to_owned()),
        Ok(_) => "it is not serving".to_owned(),
        Err(error) => {
            run.captured.error(error.message());
            format!("{}: {error}", error.code())
        }
    };
    let advice = "respond to Health with SERVING when ready, since anything else may get the plugin \
                  restarted; if it lacks config, give that with --config";
    Err(Finding::fail(found, advice))
}

/// A key that a later CVT may send is accepted.
pub(in crate::check) async fn unknown_key(run: &Run) -> Outcome {
    let request = SetConfigRequest::new("key_of_a_later_cvt", "value");
    match run.caller().call(SET_CONFIG, request.encode_to_vec()).await {
        Response::Success => Ok("accepted".to_owned()),
        response => Err(Finding::fail(
            format!("SetConfig of an unknown key: {response}"),
            "accept keys that the plugin does not know: newer hosts may send more",
        )),
    }
}
