//! What an impl block says: which of its methods CVT calls, and for what.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::punctuated::Pair;
use syn::{FnArg, PatType, ReturnType, Type, TypePath};

use super::block::Method;
use crate::rpcs::{self, RPCS, Rpc, Service};

/// What a method is for, by its name.
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
            Self::Rpc(rpc) => (rpc.method, format!(" -> Result<{}>", rpc.answer.content())),
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

/// A method that CVT calls.
pub(crate) struct Handler<'a> {
    pub(crate) role: Role,
    pub(crate) method: &'a Method,
    /// Whether it can be called. What is wrong otherwise has been reported.
    pub(crate) sound: bool,
}

impl<'a> Handler<'a> {
    pub(crate) fn of(method: &'a Method) -> Option<Self> {
        let role = Role::by_name(&method.signature.ident.to_string())?;
        Some(Self {
            role,
            method,
            sound: true,
        })
    }

    pub(crate) fn name(&self) -> &'a Ident {
        &self.method.signature.ident
    }

    /// The arguments after the receiver.
    pub(crate) fn arguments(&self) -> Vec<&'a PatType> {
        let inputs = self.method.signature.inputs.pairs().map(Pair::into_value);
        inputs
            .filter_map(|argument| match argument {
                FnArg::Typed(typed) => Some(typed),
                FnArg::Receiver(_) => None,
            })
            .collect()
    }

    /// The config that a constructor takes.
    pub(crate) fn config(&self) -> Option<&'a PatType> {
        let mut arguments = self.arguments().into_iter();
        arguments.find(|argument| !is_spelled(argument, "Tasks"))
    }

    /// The context's name in one of our traits' methods, if the author wants it.
    pub(crate) fn context_pattern(&self) -> TokenStream {
        if self.arguments().len() > self.role.arguments().len() {
            quote!(ctx)
        } else {
            quote!(_)
        }
    }

    pub(crate) fn is_async(&self) -> bool {
        self.method.signature.asyncness.is_some()
    }

    pub(crate) fn output(&self) -> Option<&'a Type> {
        match &self.method.signature.output {
            ReturnType::Type(_, output) => Some(output),
            ReturnType::Default => None,
        }
    }
}

/// Whether the last name in an argument's type is this one. A type by another name is left to
/// rustc.
pub(crate) fn is_spelled(argument: &PatType, name: &str) -> bool {
    match &*argument.ty {
        Type::Path(TypePath { path, .. }) => {
            let last = path.segments.last();
            last.is_some_and(|segment| segment.ident == name)
        }
        _ => false,
    }
}

/// A plugin.
pub(crate) struct Model<'a> {
    pub(crate) plugin: &'a Type,
    pub(crate) name: String,
    pub(crate) handlers: Vec<Handler<'a>>,
}

impl<'a> Model<'a> {
    /// The sound handlers of one role, more than one only under different `#[cfg]`s.
    pub(crate) fn handlers(&self, role: fn(Role) -> bool) -> impl Iterator<Item = &Handler<'a>> {
        let sound = self.handlers.iter().filter(|handler| handler.sound);
        sound.filter(move |handler| role(handler.role))
    }

    /// The sound handlers of one RPC.
    pub(crate) fn handlers_of(&self, rpc: &Rpc) -> impl Iterator<Item = &Handler<'a>> {
        self.handlers(Role::is_rpc)
            .filter(|handler| handler.name() == rpc.method)
    }

    /// Whether any of the service's RPCs is handled.
    pub(crate) fn serves(&self, service: Service) -> bool {
        let mut rpcs = service.rpcs();
        rpcs.any(|rpc| self.handlers_of(rpc).next().is_some())
    }
}
