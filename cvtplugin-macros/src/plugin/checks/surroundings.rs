//! Does the plugin get along with what stands around its block?

use std::env;

use proc_macro2::Span;
use syn::Type;

use crate::errors::Errors;
use crate::plugin::arguments::Arguments;
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
    check_config(around, model.plugin, errors);
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
            let message = format!(
                "CVT would never call `{method}` in another impl block of this type: move it \
                 into this one"
            );
            errors.spanning(plugin, message);
        }
    }
    found
}

/// Reports a config within the plugin that CVT would never fill.
fn check_config(around: &Surroundings, plugin: &Type, errors: &mut Errors) {
    let (block, siblings) = (around.block(), around.siblings.iter());
    let Some(name) = block.block_of() else {
        return;
    };
    let takes = |block: &Sibling, config: &String| {
        let arguments = block.method("new");
        arguments.is_some_and(|arguments| mentions(arguments, config))
    };
    let configs: Vec<_> = siblings
        .filter(|it| it.is_config())
        .filter_map(Sibling::name)
        .collect();
    if configs.is_empty() {
        return;
    }
    let is_taken = block.mentions("from_values") || block.method("set_config").is_some();
    if is_taken || configs.iter().any(|config| takes(block, config)) {
        return;
    }
    let lost = configs
        .into_iter()
        .find(|config| is_lost(around, &name, config));
    let Some(config) = lost else {
        return;
    };
    let message = if around.plain_blocks().any(|block| takes(block, &config)) {
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
}

/// Whether a config is there for the plugin, which does not take it, and for nothing else.
fn is_lost(around: &Surroundings, plugin: &str, config: &str) -> bool {
    let is_own = |item: &&Sibling| item.is_about(plugin) || item.is_about(config);
    let mut own = around.siblings.iter().filter(is_own);
    let mut others = around
        .siblings
        .iter()
        .filter(|item| !is_own(item) && !item.is_test());
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
