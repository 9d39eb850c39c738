//! The services and RPCs of the protocol, and which of them a plugin declares.

use cvtplugin::Rpc;
use cvtplugin::pb::handshake::v1::InfoResponse;

/// The services that CVT knows, as `Info` names them.
pub(crate) fn known() -> Vec<&'static str> {
    let mut services: Vec<_> = Rpc::ALL.iter().map(|rpc| rpc.service()).collect();
    services.dedup();
    services
}

/// Whether a plugin declares a service.
pub(crate) fn declares(info: &InfoResponse, service: &str) -> bool {
    info.services.iter().any(|declared| declared == service)
}

/// The RPCs whose service a plugin declares.
pub(crate) fn declared(info: &InfoResponse) -> impl Iterator<Item = Rpc> {
    let rpcs = Rpc::ALL.iter().copied();
    rpcs.filter(|rpc| declares(info, rpc.service()))
}

/// The path by which an RPC is called.
pub(crate) fn path(rpc: Rpc) -> String {
    format!("/{}/{}", rpc.grpc_service(), rpc.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_hooks_match_the_rpcs() {
        assert_eq!(known(), ["registry.v1", "events.v1"]);
        let hooks: Vec<_> = Rpc::ALL.iter().copied().map(Rpc::method).collect();
        assert_eq!(hooks.len(), Rpc::ALL.len());
        assert!(hooks.contains(&"on_breaking_change_detected"));
    }
}
