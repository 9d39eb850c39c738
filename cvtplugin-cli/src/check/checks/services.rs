//! What the plugin serves, and what it does not.

use bytes::Bytes;
use cvtplugin::Rpc;

use crate::check::calls::Response;
use crate::check::context::Run;
use crate::check::messages;
use crate::check::outcome::{Finding, Outcome};
use crate::services::{self, path};

/// Every declared service serves at least one of its RPCs.
pub(in crate::check) async fn declared(run: &Run) -> Outcome {
    let mut found = Vec::new();
    let (mut errors, mut calls) = (Vec::new(), 0);
    for service in services::known().into_iter().filter(|it| run.declares(it)) {
        let mut is_served = false;
        for rpc in run.declared().filter(|rpc| rpc.service() == service) {
            let response = likely(run, rpc).await?;
            is_served |= !response.is_unimplemented();
            calls += usize::from(!response.is_unimplemented());
            errors.extend(response.failed_precondition().map(str::to_owned));
            found.push(format!("{} {response}", rpc.name()));
        }
        if !is_served {
            return Err(Finding::fail(
                format!("{service} is declared, but each of its RPCs is Unimplemented"),
                format!("serve it, or take {service} out of Info's services"),
            ));
        }
    }
    if found.is_empty() {
        return Err(Finding::skip("it declares no service"));
    }
    match errors.first() {
        Some(error) if errors.len() == calls => Err(Finding::fail(
            format!("no call can work: {error}"),
            "give the config that it needs by --config or --config-file",
        )),
        _ => Ok(found.join(", ")),
    }
}

/// The plugin's own response to a likely request.
async fn likely(run: &Run, rpc: Rpc) -> Result<Response, Finding> {
    let caller = run.caller();
    let response = caller.call(&path(rpc), messages::likely(rpc)).await;
    caller.must_still_serve(rpc.name()).await?;
    if response.is_from_plugin() {
        return Ok(response);
    }
    Err(Finding::fail(
        format!("{} gets no response", rpc.name()),
        "respond to every call, with an error if there is nothing else, before its deadline",
    ))
}

/// What is not declared is Unimplemented.
pub(in crate::check) async fn undeclared(run: &Run) -> Outcome {
    let known = services::known();
    let mut declared = run.info().services.iter();
    if !declared.all(|name| known.contains(&name.as_str())) {
        return Err(Finding::skip("it declares services that CVT does not know"));
    }
    let mut found = Vec::new();
    let rpcs = Rpc::ALL.iter().copied();
    for rpc in rpcs.filter(|rpc| !run.declares(rpc.service())) {
        let response = run.caller().call(&path(rpc), Bytes::new()).await;
        if !response.is_unimplemented() {
            return Err(Finding::fail(
                format!(
                    "{} is not declared, but serves {}: {response}",
                    rpc.service(),
                    rpc.name()
                ),
                format!(
                    "CVT calls only what is declared: declare {} in Info's services, or do not \
                     serve it",
                    rpc.service()
                ),
            ));
        }
        found.push(rpc.name());
    }
    if found.is_empty() {
        return Ok("everything is declared".to_owned());
    }
    Ok(format!("{}: Unimplemented", found.join(", ")))
}

/// Methods and services of later versions are Unimplemented.
pub(in crate::check) async fn unknown(run: &Run) -> Outcome {
    let mut paths: Vec<_> = run
        .declared()
        .map(|rpc| format!("/{}/OnSomethingNew", rpc.grpc_service()))
        .collect();
    paths.dedup();
    paths.push("/cvt.plugin.handshake.v1.PluginHandshake/SomethingNew".to_owned());
    paths.push("/cvt.plugin.something.v1.SomethingNew/Do".to_owned());
    for path in &paths {
        let response = run.caller().call(path, Bytes::new()).await;
        if !response.is_unimplemented() {
            return Err(Finding::fail(
                format!("{path}: {response}"),
                "respond to what the plugin does not know with Unimplemented: newer hosts call newer \
                 RPCs, and take that as a no",
            ));
        }
    }
    Ok("Unimplemented".to_owned())
}
