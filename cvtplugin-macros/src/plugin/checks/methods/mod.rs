//! Can each method be called?

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, PatType, ReceiverKind, Safety, Type, TypePath};

use crate::errors::{Errors, join_quoted};
use crate::plugin::model::{Handler, Model, is_spelled};
use crate::plugin::role::Role;

mod constructor;
mod report;

use report::{Report, is_context};

/// Reports what keeps a method from being called; whether nothing does.
pub(super) fn check_signature(handler: &Handler<'_>, errors: &mut Errors) -> bool {
    let before = errors.count();
    let mut report = Report { handler, errors };
    check_qualifiers(&mut report);
    match handler.role {
        Role::New => constructor::check(&mut report),
        _ => check_receiver(&mut report),
    }
    check_arguments(&mut report);
    check_output(&mut report);
    errors.count() == before
}

fn check_qualifiers(report: &mut Report<'_>) {
    let (handler, name) = (report.handler, report.handler.name());
    if let Safety::Unsafe(token) = &handler.signature.safety {
        let message = format!("CVT calls `{name}` from safe code: remove `unsafe`");
        report.spanning(token, message);
    }
    let is_lifetime = |it: &&GenericParam| matches!(it, GenericParam::Lifetime(_));
    let params = &handler.signature.generics.params;
    if let Some(param) = params.iter().find(|it| !is_lifetime(it)) {
        let message = format!(
            "`{name}` cannot be generic: its caller is CVT, which sends {}",
            sent(handler.role)
        );
        report.spanning(param, message);
    }
}

/// What CVT sends to a method.
fn sent(role: Role) -> String {
    let arguments = role.arguments();
    let types: Vec<_> = arguments.iter().map(|(_, ty)| *ty).collect();
    if types.is_empty() {
        String::from("nothing")
    } else {
        join_quoted(&types)
    }
}

fn check_receiver(report: &mut Report<'_>) {
    let (handler, name) = (report.handler, report.handler.name());
    let Some(receiver) = handler.signature.receiver() else {
        let usage = handler.role.usage(false);
        report.spanning(name, format!("`{name}` needs `&self`: `{usage}`"));
        return;
    };
    let is_mutable = match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
        ReceiverKind::Typed(_, ty) if is_shared(ty) => false,
        _ => {
            let message = format!(
                "`{name}` cannot take the plugin itself, which handles other calls too: take \
                 `&self`"
            );
            report.spanning(receiver, message);
            return;
        }
    };
    if is_mutable {
        let message = format!(
            "`{name}` cannot have `&mut self`, because CVT's calls run concurrently: take \
             `&self`, and keep what changes in a `Mutex` or an atomic"
        );
        report.spanning(receiver, message);
    }
}

/// Whether the receiver's type is `&Self`.
fn is_shared(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            let is_self = matches!(&*reference.elem, Type::Path(it) if it.path.is_ident("Self"));
            is_self && reference.mutability.is_none()
        }
        _ => false,
    }
}

fn check_arguments(report: &mut Report<'_>) {
    let (handler, role) = (report.handler, report.handler.role);
    let arguments = handler.arguments();
    let generic = arguments
        .iter()
        .find(|it| matches!(*it.ty, Type::ImplTrait(_)));
    if let Some(generic) = generic {
        let message = format!("name the type: CVT sends {}", sent(role));
        report.spanning(&generic.ty, message);
        return;
    }
    let most = role.arguments().len() + usize::from(role.may_have_context());
    let least = match role {
        Role::New => 0,
        _ => role.arguments().len(),
    };
    let unpacked = arguments
        .first()
        .filter(|it| most == arguments.len() && is_unpacked(role, &it.ty));
    if let Some(extra) = arguments.get(most).or(unpacked) {
        let usage = role.usage(true);
        report.spanning(extra, format!("one argument too many: at most `{usage}`"));
    } else if let Some(config) = typed_config(role, &arguments) {
        let message = "`set_config` takes one key after the other, as strings: a whole config is \
                       for `new`, as in `async fn new(config: Config) -> Result<Self>`";
        report.spanning(&config.ty, message);
    } else if arguments.len() < least || is_context_alone(role, &arguments) {
        let usage = role.usage(false);
        report.spanning(handler.name(), format!("an argument is missing: `{usage}`"));
    } else if is_swapped(role, &arguments) {
        let usage = role.usage(true);
        let message = format!("the `Context` comes first: `{usage}`");
        report.spanning(arguments.last(), message);
    }
}

/// Whether it is a part of a request, where the context would stand.
fn is_unpacked(role: Role, ty: &Type) -> bool {
    const PARTS: [&str; 7] = ["String", "str", "Option", "Vec", "HashMap", "bool", "Bytes"];
    match ty {
        Type::Path(TypePath { path, .. }) => path
            .segments
            .last()
            .is_some_and(|last| role.is_rpc() && PARTS.iter().any(|part| last.ident == part)),
        Type::Reference(reference) => is_unpacked(role, &reference.elem),
        _ => false,
    }
}

/// The one argument of a `set_config`, if it is neither a key nor a value.
fn typed_config<'a>(role: Role, arguments: &[&'a PatType]) -> Option<&'a PatType> {
    const KEYS_AND_VALUES: [&str; 3] = ["String", "str", "SecretString"];
    let [only] = arguments else {
        return None;
    };
    let is_text = KEYS_AND_VALUES.iter().any(|it| is_spelled(&only.ty, it));
    let is_config = matches!(role, Role::SetConfig) && !is_text && !is_context(&only.ty);
    is_config.then_some(only)
}

/// Whether the context is there, and not what CVT sends.
fn is_context_alone(role: Role, arguments: &[&PatType]) -> bool {
    role.may_have_context()
        && arguments.len() == role.arguments().len()
        && arguments.first().is_some_and(|it| is_context(&it.ty))
}

fn is_swapped(role: Role, arguments: &[&PatType]) -> bool {
    role.may_have_context()
        && arguments.first().is_some_and(|it| !is_context(&it.ty))
        && arguments.iter().skip(1).any(|it| is_context(&it.ty))
}

fn check_output(report: &mut Report<'_>) {
    let Some(output) = report.handler.output() else {
        return;
    };
    if !report.handler.is_async() && names_a_future(output.to_token_stream()) {
        let name = report.handler.name();
        let message = format!(
            "`{name}` returns a future: write it as `async fn {name}`. A plain `fn` is for work \
             that blocks its thread"
        );
        report.spanning(output, message);
    }
}

/// Whether a type is spelled like a future: `impl Future<..>`, `BoxFuture<..>`,
/// `Pin<Box<dyn Future<..>>>`. An alias that is only named like one has no `<..>`.
fn names_a_future(tokens: TokenStream) -> bool {
    const FUTURES: [&str; 3] = ["Future", "BoxFuture", "LocalBoxFuture"];
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Ident(ident) => {
                let is_generic =
                    matches!(tokens.peek(), Some(TokenTree::Punct(it)) if it.as_char() == '<');
                is_generic && FUTURES.iter().any(|future| ident == future)
            }
            TokenTree::Group(group) => names_a_future(group.stream()),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// Marks second methods of one name, which rustc reports: to call either would only add to it.
/// Under different `#[cfg]`s they are twins, of which rustc sees one.
pub(super) fn silence_duplicates(model: &mut Model<'_>) {
    let written: Vec<_> = model.handlers.iter().map(what_rustc_sees).collect();
    for (handler, own) in model.handlers.iter_mut().zip(&written) {
        let is_twice = written.iter().filter(|other| *other == own).count() > 1;
        if is_twice || model.elsewhere.iter().any(|it| *it == own.0) {
            handler.callable = false;
        }
    }
}

/// A method's name and its `#[cfg]`s.
fn what_rustc_sees(handler: &Handler<'_>) -> (String, String) {
    let cfgs = handler.method.cfgs.iter();
    let cfgs: TokenStream = cfgs.map(ToTokens::to_token_stream).collect();
    (handler.method.plain_name(), cfgs.to_string())
}
