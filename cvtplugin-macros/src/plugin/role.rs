//! What a method is for, by its name.

use crate::rpcs::{self, RPCS, Rpc};

#[derive(Clone, Copy)]
pub(crate) enum Role {
    New,
    SetConfig,
    Health,
    Shutdown,
    Rpc(&'static Rpc),
}

impl Role {
    const HOOKS: [(&'static str, Self); 4] = [
        ("new", Self::New),
        ("set_config", Self::SetConfig),
        ("health", Self::Health),
        ("shutdown", Self::Shutdown),
    ];

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let hook = Self::HOOKS.iter().find(|(known, _)| *known == name);
        match hook {
            Some((_, role)) => Some(*role),
            None => rpcs::by_method(name).map(Self::Rpc),
        }
    }

    /// Every name that has a role.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let hooks = Self::HOOKS.iter().map(|(name, _)| *name);
        RPCS.iter().map(|rpc| rpc.method).chain(hooks)
    }

    pub(crate) fn is_rpc(self) -> bool {
        matches!(self, Self::Rpc(_))
    }

    /// The arguments after `&self` and the optional context: names and types.
    pub(crate) fn arguments(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::New => vec![("config", "Config"), ("tasks", "Tasks")],
            Self::SetConfig => vec![("key", "String"), ("value", "SecretString")],
            Self::Health | Self::Shutdown => Vec::new(),
            Self::Rpc(rpc) => vec![("request", rpc.request)],
        }
    }

    /// Whether the context of the call may come first.
    pub(crate) fn may_have_context(self) -> bool {
        matches!(self, Self::SetConfig | Self::Rpc(_))
    }

    /// How the method is written, with the optional context or without.
    pub(crate) fn usage(self, with_context: bool) -> String {
        let (name, returned) = match self {
            Self::New => ("new", String::from(" -> Result<Self>")),
            Self::SetConfig => ("set_config", String::from(" -> Result<()>")),
            Self::Health => ("health", String::from(" -> Health")),
            Self::Shutdown => ("shutdown", String::new()),
            Self::Rpc(rpc) => (
                rpc.method,
                format!(" -> Result<{}>", rpc.response.content()),
            ),
        };
        let receiver = match self {
            Self::New => None,
            _ => Some(String::from("&self")),
        };
        let context = with_context && self.may_have_context();
        let context = context.then(|| String::from("ctx: Context"));
        let arguments = self.arguments().into_iter();
        let arguments = arguments.map(|(name, ty)| format!("{name}: {ty}"));
        let all: Vec<_> = receiver
            .into_iter()
            .chain(context)
            .chain(arguments)
            .collect();
        format!("async fn {name}({}){returned}", all.join(", "))
    }
}
