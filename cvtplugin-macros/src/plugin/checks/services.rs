//! Do the methods together make a plugin?

use proc_macro2::Ident;

use crate::errors::{Errors, listed};
use crate::plugin::arguments::Arguments;
use crate::plugin::model::{Handler, Model, Role};
use crate::rpcs::{self, RPCS, Rpc, Service};
use cvtplugin_names::nearest;

/// The name of the RPC's method, if there is one, sound or not.
fn written<'m>(model: &'m Model<'_>, rpc: &'m Rpc) -> Option<&'m Ident> {
    let mut names = model.handlers.iter().map(Handler::name);
    names.find(|name| *name == rpc.method)
}

/// Reports RPCs opted out of that cannot be.
pub(crate) fn check_opt_outs(model: &Model<'_>, arguments: &Arguments, errors: &mut Errors) {
    let mut registry = Service::Registry.rpcs();
    let is_registry = registry.any(|rpc| written(model, rpc).is_some());
    for (index, name) in arguments.opt_out.iter().enumerate() {
        if arguments.opt_out[..index].contains(name) {
            errors.over(name, format!("`{name}` is opted out of twice"));
            continue;
        }
        let Some(rpc) = rpcs::by_method(&name.to_string()) else {
            errors.over(name, unknown_opt_out(name));
            continue;
        };
        if rpc.service == Service::Events {
            let message = "events need no opting out: leave the method out";
            errors.over(name, message);
        } else if !is_registry {
            let message = "no method here serves the registry, so there is nothing to opt out of: \
                           write the registry's other method, or remove this";
            errors.over(name, message);
        } else if written(model, rpc).is_some() {
            let message = format!(
                "`{name}` is opted out of, but there is a method `{name}`: remove one of them"
            );
            errors.over(name, message);
        }
    }
}

fn unknown_opt_out(name: &Ident) -> String {
    let known: Vec<_> = Service::Registry.rpcs().map(|rpc| rpc.method).collect();
    match nearest(&name.to_string(), known.iter().copied()) {
        Some(meant) => format!("there is no RPC `{name}`: did you mean `{meant}`?"),
        None => format!(
            "there is no RPC `{name}`; those of the registry are {}",
            listed(&known)
        ),
    }
}

/// Reports two receivers of one config.
pub(crate) fn check_config(model: &Model<'_>, errors: &mut Errors) {
    let mut handlers = model.handlers.iter();
    let raw = handlers.find(|handler| matches!(handler.role, Role::SetConfig));
    if let Some(raw) = raw
        && model.handlers.iter().any(is_typed_constructor)
    {
        let message = "`new` takes the whole config already, so `set_config` would never be \
                       called: keep one of them";
        errors.over(raw.name(), message);
    }
}

fn is_typed_constructor(handler: &Handler<'_>) -> bool {
    matches!(handler.role, Role::New) && !handler.arguments().is_empty()
}

/// Reports what is missing: any RPC at all, or one half of the registry.
pub(crate) fn check_completeness(model: &Model<'_>, arguments: &Arguments, errors: &mut Errors) {
    if RPCS.iter().all(|rpc| written(model, rpc).is_none()) {
        let methods: Vec<_> = RPCS.iter().map(|rpc| rpc.method).collect();
        let message = format!(
            "this plugin handles nothing: it needs at least one of the methods {}",
            listed(&methods)
        );
        errors.over(model.plugin, message);
        return;
    }
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
        errors.over(present, message);
    }
}
