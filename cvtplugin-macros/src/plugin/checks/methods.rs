//! Is each method called what CVT calls it, and can it be called?

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, PatType, ReceiverKind, Safety, Signature, Type};

use crate::errors::{Errors, listed};
use crate::plugin::block::Method;
use crate::plugin::model::{Handler, Role, is_spelled};
use crate::rpcs::Service;
use cvtplugin_names::nearest;

/// Reports names that nobody would call: CVT takes a missing method for an opt-out, so a slip
/// would go unnoticed for ever.
pub(crate) fn check_names(methods: &[Method], errors: &mut Errors) {
    for method in methods.iter().filter(|method| !method.ignored) {
        let ident = &method.signature.ident;
        let name = ident.to_string();
        if Role::by_name(&name).is_none()
            && let Some(trouble) = trouble_with(&name)
        {
            let keep = "if it is a method of your own, mark it `#[cvt_plugin(ignore)]`";
            errors.over(ident, format!("{trouble}\n{keep}"));
        }
    }
}

/// What is wrong with a name that CVT does not know, if it looks like one that CVT knows.
fn trouble_with(name: &str) -> Option<String> {
    let is_event = name.starts_with("on_");
    let whole = || Role::names().find(|known| is_event && known.starts_with(name));
    if let Some(meant) = nearest(name, Role::names()).or_else(whole) {
        return Some(format!("CVT never calls `{name}`: did you mean `{meant}`?"));
    }
    is_event.then(|| {
        let events: Vec<_> = Service::Events.rpcs().map(|rpc| rpc.method).collect();
        let events = listed(&events);
        format!("CVT has no event `{name}`; its events are {events}")
    })
}

/// Reports what keeps a method from being called; whether nothing does.
pub(crate) fn check_signature(handler: &Handler<'_>, errors: &mut Errors) -> bool {
    let before = errors.count();
    let signature = &handler.method.signature;
    check_qualifiers(handler, signature, errors);
    match handler.role {
        Role::New => check_no_receiver(signature, errors),
        _ => check_receiver(handler, signature, errors),
    }
    check_arguments(handler, errors);
    check_output(handler, errors);
    errors.count() == before
}

fn check_qualifiers(handler: &Handler<'_>, signature: &Signature, errors: &mut Errors) {
    let name = handler.name();
    if let Safety::Unsafe(token) = &signature.safety {
        let message = format!("CVT calls `{name}` from safe code: remove `unsafe`");
        errors.over(token, message);
    }
    let is_lifetime = |it: &&GenericParam| matches!(it, GenericParam::Lifetime(_));
    if let Some(param) = signature.generics.params.iter().find(|it| !is_lifetime(it)) {
        let message = format!(
            "`{name}` cannot be generic: its caller is CVT, which sends {}",
            sent(handler.role)
        );
        errors.over(param, message);
    }
}

/// What CVT sends to a method.
fn sent(role: Role) -> String {
    let arguments = role.arguments();
    let types: Vec<_> = arguments.iter().map(|(_, ty)| *ty).collect();
    if types.is_empty() {
        String::from("nothing")
    } else {
        listed(&types)
    }
}

fn check_no_receiver(signature: &Signature, errors: &mut Errors) {
    if let Some(receiver) = signature.receiver() {
        let message = "`new` makes the plugin, so there is no `self` yet: \
                       `async fn new() -> Result<Self>`";
        errors.over(receiver, message);
    }
}

fn check_receiver(handler: &Handler<'_>, signature: &Signature, errors: &mut Errors) {
    let name = handler.name();
    let Some(receiver) = signature.receiver() else {
        let usage = handler.role.usage(false);
        errors.over(name, format!("`{name}` needs `&self`: `{usage}`"));
        return;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => {}
        ReceiverKind::Reference(..) => {
            let message = format!(
                "`{name}` cannot have `&mut self`, because CVT's calls run concurrently: take \
                 `&self`, and keep what changes in a `Mutex` or an atomic"
            );
            errors.over(receiver, message);
        }
        _ => {
            let message = format!(
                "`{name}` cannot take the plugin itself, which answers other calls too: take \
                 `&self`"
            );
            errors.over(receiver, message);
        }
    }
}

fn check_arguments(handler: &Handler<'_>, errors: &mut Errors) {
    let arguments = handler.arguments();
    let generic = arguments
        .iter()
        .find(|it| matches!(*it.ty, Type::ImplTrait(_)));
    if let Some(generic) = generic {
        let message = format!("name the type: CVT sends {}", sent(handler.role));
        errors.over(&generic.ty, message);
        return;
    }
    let role = handler.role;
    let most = role.arguments().len() + usize::from(role.may_have_context());
    let least = match role {
        Role::New => 0,
        _ => role.arguments().len(),
    };
    let extra = arguments.get(most).copied();
    if let Some(extra) = extra.or_else(|| repeated(role, &arguments)) {
        let usage = role.usage(true);
        errors.over(extra, format!("one argument too many: at most `{usage}`"));
    } else if arguments.len() < least || is_context_alone(role, &arguments) {
        let usage = role.usage(false);
        errors.over(handler.name(), format!("an argument is missing: `{usage}`"));
    } else if is_swapped(role, &arguments) {
        let usage = role.usage(true);
        let message = format!("the `Context` comes first: `{usage}`");
        errors.over(arguments.last(), message);
    }
}

/// Whether the context is there, and not what CVT sends.
fn is_context_alone(role: Role, arguments: &[&PatType]) -> bool {
    role.may_have_context()
        && arguments.len() == role.arguments().len()
        && arguments.first().is_some_and(|it| is_context(it))
}

fn is_swapped(role: Role, arguments: &[&PatType]) -> bool {
    role.may_have_context()
        && arguments.first().is_some_and(|it| !is_context(it))
        && arguments.iter().skip(1).any(|it| is_context(it))
}

fn is_context(argument: &PatType) -> bool {
    is_spelled(argument, "Context")
}

/// The second config or the second set of tasks that a constructor takes.
fn repeated<'a>(role: Role, arguments: &[&'a PatType]) -> Option<&'a PatType> {
    let is_tasks = |argument: &PatType| is_spelled(argument, "Tasks");
    match arguments {
        [first, second] if matches!(role, Role::New) && is_tasks(first) == is_tasks(second) => {
            Some(*second)
        }
        _ => None,
    }
}

fn check_output(handler: &Handler<'_>, errors: &mut Errors) {
    let Some(output) = handler.output() else {
        return;
    };
    if !handler.is_async() && names_a_future(output.to_token_stream()) {
        let name = handler.name();
        let message = format!(
            "`{name}` returns a future: write it as `async fn {name}`. A plain `fn` is for work \
             that blocks its thread"
        );
        errors.over(output, message);
    }
}

/// Whether a type is spelled like a future: `impl Future`, `BoxFuture`, `Pin<Box<dyn Future>>`.
fn names_a_future(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident.to_string().ends_with("Future"),
        TokenTree::Group(group) => names_a_future(group.stream()),
        _ => false,
    })
}

/// Marks second methods of one name, which rustc reports: to call either would only add to it.
/// Under different `#[cfg]`s they are twins, of which rustc sees one.
pub(crate) fn silence_duplicates(handlers: &mut [Handler<'_>]) {
    let written: Vec<_> = handlers.iter().map(what_rustc_sees).collect();
    for (handler, own) in handlers.iter_mut().zip(&written) {
        if written.iter().filter(|other| *other == own).count() > 1 {
            handler.sound = false;
        }
    }
}

/// A method's name and its `#[cfg]`s.
fn what_rustc_sees(handler: &Handler<'_>) -> (String, String) {
    let cfgs = handler.method.cfgs.iter();
    let cfgs: TokenStream = cfgs.map(ToTokens::to_token_stream).collect();
    (handler.name().to_string(), cfgs.to_string())
}
