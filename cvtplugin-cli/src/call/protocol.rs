//! The RPCs of the protocol, by its descriptors: a new one needs no code here.

use cvtplugin::BoxError;
use cvtplugin::pb::FILE_DESCRIPTOR_SET;
use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::suggest;

/// Where the services are that a plugin's author knows.
const PACKAGE: &str = "cvt.plugin.";

/// Every RPC that CVT calls.
pub(super) struct Protocol {
    rpcs: Vec<MethodDescriptor>,
}

impl Protocol {
    pub(super) fn load() -> Result<Self, BoxError> {
        let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
        let services = pool
            .services()
            .filter(|service| service.package_name().starts_with(PACKAGE));
        let rpcs = services.flat_map(|service| service.methods().collect::<Vec<_>>());
        Ok(Self {
            rpcs: rpcs.collect(),
        })
    }

    /// The RPC of this name: `FetchSchema`, `fetch_schema` and `fetch-schema` are one.
    pub(super) fn rpc(&self, name: &str) -> Result<MethodDescriptor, BoxError> {
        let plain = suggest::plain(name);
        let mut rpcs = self.rpcs.iter();
        let found = rpcs.find(|rpc| suggest::plain(rpc.name()) == plain);
        found.cloned().ok_or_else(|| {
            let known = self.rpcs.iter().map(MethodDescriptor::name);
            format!("unknown RPC `{name}`; {}", suggest::advice(name, known)).into()
        })
    }

    /// All their names.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.rpcs.iter().map(MethodDescriptor::name).collect();
        names.join(", ")
    }
}

/// An RPC's full name, as gRPC calls it.
pub(super) fn path(rpc: &MethodDescriptor) -> String {
    format!("/{}/{}", rpc.parent_service().full_name(), rpc.name())
}

#[cfg(test)]
mod tests {
    use cvtplugin::Rpc;

    use super::*;

    #[test]
    fn rpc_names_match_in_every_spelling() {
        let protocol = Protocol::load().expect("descriptors");
        for name in ["FetchSchema", "fetch_schema", "fetch-schema", "fetchSchema"] {
            let rpc = protocol.rpc(name).expect(name);
            let expected = "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema";
            assert_eq!(path(&rpc), expected, "{name}");
        }
        let names = Rpc::ALL.iter().map(|rpc| rpc.name());
        let names: Vec<_> = ["Info", "Health", "SetConfig"]
            .into_iter()
            .chain(names)
            .collect();
        assert_eq!(protocol.names(), names.join(", "));
    }

    #[test]
    fn unknown_rpc_gets_a_suggestion() {
        let protocol = Protocol::load().expect("descriptors");
        for (name, part) in [
            ("FetchShema", "did you mean `FetchSchema`?"),
            ("StreamStdio", "known: Info, Health"),
        ] {
            let error = protocol.rpc(name).expect_err(name).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
