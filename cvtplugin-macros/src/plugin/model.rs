//! What an impl block says: which of its methods CVT calls, and for what.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::punctuated::Pair;
use syn::{FnArg, PatType, ReturnType, Signature, Type, TypePath};

use super::block::Method;
use super::role::Role;
use crate::rpcs::{Rpc, Service};

/// A method that CVT calls.
pub(crate) struct Handler<'a> {
    pub(crate) role: Role,
    pub(crate) method: &'a Method,
    pub(crate) signature: &'a Signature,
    /// Whether it can be called. What is wrong otherwise has been reported.
    pub(crate) callable: bool,
}

impl<'a> Handler<'a> {
    pub(crate) fn of(method: &'a Method) -> Option<Self> {
        Some(Self {
            role: Role::by_name(&method.plain_name())?,
            method,
            signature: method.signature.as_ref()?,
            callable: true,
        })
    }

    /// The name as written.
    pub(crate) fn name(&self) -> &'a Ident {
        &self.method.name
    }

    pub(crate) fn handles(&self, rpc: &Rpc) -> bool {
        matches!(self.role, Role::Rpc(own) if own.method == rpc.method)
    }

    /// The arguments after the receiver.
    pub(crate) fn arguments(&self) -> Vec<&'a PatType> {
        let inputs = self.signature.inputs.pairs().map(Pair::into_value);
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
        arguments.find(|argument| !is_spelled(&argument.ty, "Tasks"))
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
        self.signature.asyncness.is_some()
    }

    pub(crate) fn output(&self) -> Option<&'a Type> {
        match &self.signature.output {
            ReturnType::Type(_, output) => Some(output),
            ReturnType::Default => None,
        }
    }
}

/// Whether the last name in a type, or in what it refers to, is this one. A type by another name is
/// left to rustc.
pub(crate) fn is_spelled(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(TypePath { path, .. }) => {
            let last = path.segments.last();
            last.is_some_and(|segment| segment.ident == name)
        }
        Type::Reference(reference) => is_spelled(&reference.elem, name),
        Type::Group(group) => is_spelled(&group.elem, name),
        _ => false,
    }
}

/// A plugin.
pub(crate) struct Model<'a> {
    pub(crate) plugin: &'a Type,
    pub(crate) name: String,
    pub(crate) methods: &'a [Method],
    pub(crate) handlers: Vec<Handler<'a>>,
    /// The RPCs whose methods are in another block of the type, as far as is known.
    pub(crate) elsewhere: Vec<&'static str>,
    /// Whether a `new` is meant and not there, which has been reported.
    pub(crate) new_is_lost: bool,
}

impl<'a> Model<'a> {
    /// The callable handlers of one role, more than one only under different `#[cfg]`s.
    pub(crate) fn handlers(&self, role: fn(Role) -> bool) -> impl Iterator<Item = &Handler<'a>> {
        let callable = self.handlers.iter().filter(|handler| handler.callable);
        callable.filter(move |handler| role(handler.role))
    }

    /// The callable handlers of one RPC.
    pub(crate) fn handlers_of(&self, rpc: &Rpc) -> impl Iterator<Item = &Handler<'a>> {
        self.handlers(Role::is_rpc)
            .filter(|handler| handler.handles(rpc))
    }

    /// Whether any of the service's RPCs is handled.
    pub(crate) fn serves(&self, service: Service) -> bool {
        let mut rpcs = service.rpcs();
        rpcs.any(|rpc| self.handlers_of(rpc).next().is_some())
    }
}
