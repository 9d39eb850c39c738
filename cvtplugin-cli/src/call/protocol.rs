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

    /// Whether this names an RPC.
    pub(super) fn has(&self, name: &str) -> bool {
        self.named(name).is_some()
    }

    /// The RPC of this name: `FetchSchema`, `fetch_schema` and `fetch-schema` are one.
    pub(super) fn rpc(&self, name: &str) -> Result<MethodDescriptor, BoxError> {
        self.named(name).cloned().ok_or_else(|| {
            let known = self.rpcs.iter().map(MethodDescriptor::name);
            format!("there is no RPC `{name}`; {}", suggest::advice(name, known)).into()
        })
    }

    fn named(&self, name: &str) -> Option<&MethodDescriptor> {
        let name = suggest::plain(name);
        let mut rpcs = self.rpcs.iter();
        rpcs.find(|rpc| suggest::plain(rpc.name()) == name)
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
    use super::*;

    #[test]
    fn an_rpc_is_known_by_each_way_to_write_it() {
        let protocol = Protocol::load().expect("descriptors");
        for name in ["FetchSchema", "fetch_schema", "fetch-schema", "fetchSchema"] {
            let rpc = protocol.rpc(name).expect(name);
            let expected = "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema";
            assert_eq!(path(&rpc), expected, "{name}");
        }
        assert_eq!(
            protocol.names(),
            "Info, Health, SetConfig, FetchSchema, RegisterConsumerUsage, \
             OnBreakingChangeDetected, OnValidationFailed"
        );
    }

    #[test]
    fn of_an_unknown_rpc_it_is_said_what_may_be_meant() {
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
