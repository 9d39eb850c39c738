//! The RPCs that a plugin may handle, as the .proto files declare them.

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

include!("generated/rpcs.rs");

const fn rpc(
    service: Service,
    [name, method]: [&'static str; 2],
    [request, response]: [&'static str; 2],
    is_acknowledgement: bool,
) -> Rpc {
    Rpc {
        service,
        name,
        method,
        request,
        response: if is_acknowledgement {
            Response::Acknowledgement(response)
        } else {
            Response::Message(response)
        },
    }
}

/// The RPC that a method of this name handles.
pub(crate) fn by_method(method: &str) -> Option<&'static Rpc> {
    RPCS.iter().find(|rpc| rpc.method == method)
}

#[cfg(test)]
mod tests {
    use super::RPCS;

    #[test]
    fn documentation_has_a_row_for_each() {
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
                "{row}is missing: see proto/NEW_RPC.md"
            );
        }
    }
}
