//! The RPCs that a plugin may handle: the one place where the macros name them.

/// An extension service of CVT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Registry,
    Events,
}

impl Service {
    pub(crate) const ALL: [Self; 2] = [Self::Registry, Self::Events];

    /// The module with the service's messages, in `cvtplugin::__private`.
    pub(crate) fn module(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Events => "events",
        }
    }

    pub(crate) fn rpcs(self) -> impl Iterator<Item = &'static Rpc> {
        RPCS.iter().filter(move |rpc| rpc.service == self)
    }
}

/// What a handler responds with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Response {
    /// A message with content.
    Message(&'static str),
    /// A message that says no more than "done": `Result<()>` will do.
    Acknowledgement(&'static str),
}

impl Response {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Message(name) | Self::Acknowledgement(name) => name,
        }
    }

    /// What a handler's `Result` holds.
    pub(crate) fn content(self) -> &'static str {
        match self {
            Self::Message(name) => name,
            Self::Acknowledgement(_) => "()",
        }
    }
}

/// One RPC.
#[derive(Debug)]
pub(crate) struct Rpc {
    pub(crate) service: Service,
    /// Its variant of `cvtplugin::Rpc`.
    pub(crate) name: &'static str,
    /// The method that handles it.
    pub(crate) method: &'static str,
    pub(crate) request: &'static str,
    pub(crate) response: Response,
}

/// Every RPC, in the order of the protocol. One that the protocol gains is one more line here.
#[rustfmt::skip]
pub(crate) const RPCS: &[Rpc] = &[
    registry("FetchSchema", "fetch_schema", "FetchSchemaRequest", Response::Message("FetchSchemaResponse")),
    registry("RegisterConsumerUsage", "register_consumer_usage", "RegisterConsumerUsageRequest", Response::Acknowledgement("RegisterConsumerUsageResponse")),
    event("OnBreakingChangeDetected", "on_breaking_change_detected", "BreakingChangeDetectedRequest"),
    event("OnValidationFailed", "on_validation_failed", "ValidationFailedRequest"),
];

const fn registry(
    name: &'static str,
    method: &'static str,
    request: &'static str,
    response: Response,
) -> Rpc {
    Rpc {
        service: Service::Registry,
        name,
        method,
        request,
        response,
    }
}

const fn event(name: &'static str, method: &'static str, request: &'static str) -> Rpc {
    Rpc {
        service: Service::Events,
        name,
        method,
        request,
        response: Response::Acknowledgement("EventResponse"),
    }
}

/// The RPC that a method of this name handles.
pub(crate) fn by_method(method: &str) -> Option<&'static Rpc> {
    RPCS.iter().find(|rpc| rpc.method == method)
}

#[cfg(test)]
mod tests {
    use cvtplugin::Rpc as Known;
    use prost::Message as _;
    use prost_types::{FileDescriptorSet, MethodDescriptorProto};

    use super::{RPCS, Service};

    const WHAT_TO_DO: &str = include_str!("../../proto/NEW_RPC.md");

    #[test]
    fn the_table_names_the_rpcs_of_cvtplugin() {
        let table: Vec<_> = RPCS.iter().map(|rpc| (rpc.name, rpc.method)).collect();
        let known: Vec<_> = Known::ALL
            .iter()
            .map(|rpc| (rpc.name(), rpc.method()))
            .collect();
        assert_eq!(table, known, "{WHAT_TO_DO}");
    }

    #[test]
    fn the_table_matches_the_protocol() {
        for (rpc, known) in RPCS.iter().zip(Known::ALL) {
            let declared = match rpc.service {
                Service::Registry => cvtplugin::SERVICE_REGISTRY_V1,
                Service::Events => cvtplugin::SERVICE_EVENTS_V1,
            };
            assert_eq!(known.service(), declared, "{}", rpc.name);

            let method = descriptor(known.grpc_service(), rpc.name);
            let package = known
                .grpc_service()
                .rsplit_once('.')
                .expect("it has a package")
                .0;
            let full = |message: &str| format!(".{package}.{message}");
            assert_eq!(method.input_type(), full(rpc.request), "{}", rpc.name);
            assert_eq!(
                method.output_type(),
                full(rpc.response.message()),
                "{}",
                rpc.name
            );
        }
    }

    #[test]
    fn the_table_is_complete() {
        let extensions = Known::ALL.iter().map(|rpc| rpc.grpc_service());
        let extensions: std::collections::HashSet<_> = extensions.collect();
        let count: usize = extensions
            .into_iter()
            .map(|service| methods(service).len())
            .sum();
        assert_eq!(RPCS.len(), count, "{WHAT_TO_DO}");
    }

    #[test]
    fn the_documentation_has_a_row_for_each() {
        let documentation = include_str!("plugin/cvt_plugin.md");
        for rpc in RPCS {
            let row = format!(
                "\n| `{}(&self, {}) -> Result<{}>` | ",
                rpc.method,
                rpc.request,
                rpc.response.content()
            );
            assert!(
                documentation.contains(&row),
                "{row}is missing: {WHAT_TO_DO}"
            );
        }
    }

    fn descriptor(service: &str, name: &str) -> MethodDescriptorProto {
        let mut methods = methods(service).into_iter();
        let method = methods.find(|method| method.name() == name);
        method.unwrap_or_else(|| panic!("{service} has no {name}: {WHAT_TO_DO}"))
    }

    fn methods(service: &str) -> Vec<MethodDescriptorProto> {
        let bytes = include_bytes!("../../cvtplugin/src/generated/descriptors.bin");
        let set = FileDescriptorSet::decode(&bytes[..]).expect("checked-in descriptors");
        let (package, name) = service.rsplit_once('.').expect("a full name");
        let mut files = set
            .file
            .into_iter()
            .filter(|file| file.package() == package);
        let found = files.find_map(|file| file.service.into_iter().find(|it| it.name() == name));
        found
            .unwrap_or_else(|| panic!("no service {service}"))
            .method
    }
}
