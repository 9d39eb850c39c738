//! Does the plugin get along with what stands around its block?

use std::env;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Type;

use crate::errors::Errors;
use crate::plugin::arguments::Arguments;
use crate::plugin::items::is_punct;
use crate::plugin::model::Model;
use crate::plugin::surroundings::{Place, Sibling, Surroundings, mentions};
use crate::rpcs::RPCS;

/// Reports a second annotated block of a type; whether this is the first.
pub(crate) fn check_first(around: &Surroundings, errors: &mut Errors) -> bool {
    let own = around.block().block_of();
    let mut plugins = around.other_plugins();
    let is_second = plugins.any(|(index, it)| index < around.index && it.block_of() == own);
    if is_second {
        let message = "all methods of a plugin go into one annotated block: move these into the \
                       first one of this type";
        errors.at(Span::call_site(), message);
    }
    !is_second
}

/// Reports what does not get along, and leaves out what follows from that.
pub(crate) fn check_surroundings(
    around: &Surroundings,
    model: &mut Model<'_>,
    arguments: &mut Arguments,
    errors: &mut Errors,
) {
    model.elsewhere = handlers_of_second(around);
    model
        .elsewhere
        .extend(check_handlers(around, model.plugin, errors));
    check_hooks(around, model.plugin, errors);
    model.new_is_lost = check_config(around, model.plugin, errors);
    if arguments.main
        && let Some(trouble) = trouble_with_main(around, arguments)
    {
        errors.at(Span::call_site(), trouble);
        arguments.main = false;
    }
}

/// The handlers in another annotated block of the type, which reports itself.
fn handlers_of_second(around: &Surroundings) -> Vec<&'static str> {
    let own = around.block().block_of();
    let plugins = around.other_plugins();
    let seconds = plugins.filter(|(_, other)| other.block_of() == own);
    seconds
        .flat_map(|(_, second)| handlers_of(second))
        .collect()
}

/// The methods of RPCs that a block has.
fn handlers_of(block: &Sibling) -> impl Iterator<Item = &'static str> {
    let methods = RPCS.iter().map(|rpc| rpc.method);
    methods.filter(|method| block.method(method).is_some())
}

/// Reports handlers in other impl blocks, which CVT would never call; their names.
fn check_handlers(around: &Surroundings, plugin: &Type, errors: &mut Errors) -> Vec<&'static str> {
    let found: Vec<_> = around.plain_blocks().flat_map(handlers_of).collect();
    for method in &found {
        // rustc reports a method that is in both.
        if around.block().method(method).is_none() {
            errors.spanning(plugin, in_another_block(method));
        }
    }
    found
}

/// Reports hooks in other impl blocks, as far as their signatures tell that they are meant for CVT.
fn check_hooks(around: &Surroundings, plugin: &Type, errors: &mut Errors) {
    for (hook, its_type) in [("set_config", "SecretString"), ("health", "Health")] {
        let mut others = around.plain_blocks().flat_map(|block| block.methods(hook));
        if around.block().methods(hook).is_empty() && others.any(|it| it.is_about(its_type)) {
            errors.spanning(plugin, in_another_block(hook));
        }
    }
}

fn in_another_block(method: &str) -> String {
    format!(
        "CVT would never call `{method}` in another impl block of this type: move it into this \
         one, with `#[cvt_plugin(ignore)]` if it is a method of your own"
    )
}

/// Reports a config within the plugin that CVT would never fill; whether there is one.
fn check_config(around: &Surroundings, plugin: &Type, errors: &mut Errors) -> bool {
    let (block, siblings) = (around.block(), &around.siblings);
    let Some(name) = block.block_of() else {
        return false;
    };
    let is_taken = block.methods("new").iter().any(takes_a_config)
        || block.method("set_config").is_some()
        || siblings.iter().any(|it| it.mentions("from_values"));
    if is_taken {
        return false;
    }
    let configs = siblings.iter().filter(|it| it.is_config() && !it.is_test());
    let mut configs = configs.filter_map(Sibling::name);
    let Some(config) = configs.find(|config| is_lost(around, &name, config)) else {
        return false;
    };
    let is_filled = |new: &Sibling| mentions(new.arguments(), &config);
    let mut plain = around.plain_blocks();
    let message = if plain.any(|block| block.methods("new").iter().any(is_filled)) {
        format!(
            "CVT would never fill `{config}`, because the `new` that takes it is in another impl \
             block of this type: move it into this one"
        )
    } else {
        format!(
            "CVT would never fill `{config}`: take it in this block, as in \
             `fn new(config: {config}) -> Self`"
        )
    };
    errors.spanning(plugin, message);
    true
}

/// Whether a constructor takes more than `Tasks`.
fn takes_a_config(new: &Sibling) -> bool {
    let arguments: Vec<_> = new.arguments().into_iter().collect();
    let mut arguments = arguments.split(|token| is_punct(token, ','));
    arguments.any(|argument: &[TokenTree]| {
        let tokens: TokenStream = argument.iter().cloned().collect();
        !argument.is_empty() && !mentions(tokens, "Tasks")
    })
}

/// Whether a config is there for the plugin, which does not take it, and for nothing else.
fn is_lost(around: &Surroundings, plugin: &str, config: &str) -> bool {
    let siblings = || around.siblings.iter().filter(|item| !item.is_test());
    let is_own = |item: &&Sibling| item.is_about(plugin) || item.is_about(config);
    let mut own = siblings().filter(is_own);
    let mut others = siblings().filter(|item| !is_own(item));
    own.any(|item| item.is_about(plugin) && item.mentions(config))
        && !others.any(|item| item.mentions(config))
}

/// Why the generated `main` would not be the binary's, or not its only one.
fn trouble_with_main(around: &Surroundings, arguments: &Arguments) -> Option<String> {
    let own = around.block().block_of()?;
    let krate = arguments.krate.to_string().replace(' ', "");
    let krate = krate.trim_start_matches("::");
    let main = |plugin: &str| {
        format!("`fn main() -> std::process::ExitCode {{ {krate}::serve::<{plugin}>() }}`")
    };
    let is_binary = env::var_os("CARGO_BIN_NAME").is_some();
    match &around.place {
        Place::Function(function) => is_binary.then(|| {
            format!(
                "a `main` generated within `{function}` is not the binary's: move the plugin out, \
                 to the root of the binary; or add `main = false`, and serve it there with {}",
                main(&own)
            )
        }),
        Place::Module(path) => is_binary.then(|| {
            format!(
                "a `main` generated in the module `{path}` is not the binary's: add `main = \
                 false`, and write at the root of the binary {}",
                main(&format!("{path}::{own}"))
            )
        }),
        Place::Root if around.has_main => Some(format!(
            "there is a `main` already: add `main = false`, and serve the plugin from it, as in {}",
            main(&own)
        )),
        Place::Root => {
            let mut plugins = around.other_plugins();
            let (_, first) =
                plugins.find(|(index, it)| *index < around.index && it.makes_main())?;
            let first = first.block_of()?;
            Some(format!(
                "a binary serves one plugin, and this one serves `{first}`: make `{own}` a binary of \
                 its own; or add `main = false` to both, and choose which to serve in {}",
                main(&own)
            ))
        }
    }
}
