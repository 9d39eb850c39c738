//! Do the methods together make a plugin?

use proc_macro2::Ident;

use crate::errors::{Errors, join_quoted};
use crate::plugin::arguments::Arguments;
use crate::plugin::model::{Handler, Model};
use crate::plugin::role::Role;
use crate::rpcs::{self, RPCS, Rpc, Service};
use cvtplugin_names::nearest;

/// The name of the RPC's method, if there is one, callable or not.
fn written<'m>(model: &'m Model<'_>, rpc: &'m Rpc) -> Option<&'m Ident> {
    let mut handlers = model.handlers.iter();
    let handler = handlers.find(|handler| handler.handles(rpc));
    handler.map(Handler::name)
}

/// Reports RPCs opted out of that cannot be; whether it is clear which are.
pub(super) fn check_opt_outs(
    model: &Model<'_>,
    arguments: &Arguments,
    errors: &mut Errors,
) -> bool {
    let before = errors.count();
    for (index, name) in arguments.opt_out.iter().enumerate() {
        if arguments.opt_out[..index].contains(name) {
            errors.spanning(name, format!("`{name}` is opted out of twice"));
        } else if let Some(trouble) = trouble_with(name, model) {
            errors.spanning(name, trouble);
        }
    }
    errors.count() == before && arguments.are_valid
}

/// Why an RPC cannot be opted out of.
fn trouble_with(name: &Ident, model: &Model<'_>) -> Option<String> {
    let Some(rpc) = rpcs::by_method(&name.to_string()) else {
        return Some(unknown_opt_out(name));
    };
    if rpc.service == Service::Events {
        return Some(String::from(
            "events need no opting out: leave the method out",
        ));
    }
    if written(model, rpc).is_some() {
        return Some(format!(
            "`{name}` is opted out of, but there is a method `{name}`: remove one of them"
        ));
    }
    let mut registry = Service::Registry.rpcs();
    let is_registry = registry.any(|rpc| written(model, rpc).is_some());
    (!is_registry).then(|| {
        String::from(
            "no method here serves the registry, so there is nothing to opt out of: write the \
             registry's other method, or remove this",
        )
    })
}

fn unknown_opt_out(name: &Ident) -> String {
    let known: Vec<_> = Service::Registry.rpcs().map(|rpc| rpc.method).collect();
    match nearest(&name.to_string(), known.iter().copied()) {
        Some(meant) => format!("there is no RPC `{name}`: did you mean `{meant}`?"),
        None => format!(
            "there is no RPC `{name}`; those of the registry are {}",
            join_quoted(&known)
        ),
    }
}

/// Reports a plugin without any RPC.
pub(super) fn check_presence(model: &Model<'_>, errors: &mut Errors) {
    if RPCS.iter().all(|rpc| written(model, rpc).is_none()) {
        let methods: Vec<_> = RPCS.iter().map(|rpc| rpc.method).collect();
        let message = format!(
            "this plugin handles nothing: it needs at least one of the methods {}",
            join_quoted(&methods)
        );
        errors.spanning(model.plugin, message);
    }
}

/// Reports the missing half of a registry.
pub(super) fn check_registry(model: &Model<'_>, arguments: &Arguments, errors: &mut Errors) {
    let mut registry = Service::Registry.rpcs();
    let Some(present) = registry.find_map(|rpc| written(model, rpc)) else {
        return;
    };
    let missing = Service::Registry.rpcs().filter(|rpc| {
        written(model, rpc).is_none() && arguments.opt_out.iter().all(|name| name != rpc.method)
    });
    for rpc in missing {
        let method = rpc.method;
        let message = format!(
            "a registry has `{method}` too: `{}`\n\
             to do without it, say `#[cvt_plugin(opt_out({method}))]` on the impl block",
            Role::Rpc(rpc).usage(false)
        );
        errors.spanning(present, message);
    }
}
