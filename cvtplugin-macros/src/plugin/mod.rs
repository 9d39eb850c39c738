//! `#[cvt_plugin]`: arguments and impl block -> model -> checks -> expansion.

mod arguments;
mod attributes;
mod block;
mod cfg;
mod checks;
mod expansion;
mod items;
mod model;
mod name;
mod role;
mod surroundings;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use self::arguments::Arguments;
use self::attributes::Reader;
use self::block::Block;
use self::model::{Handler, Model};
use self::surroundings::Surroundings;
use crate::errors::Errors;

/// Expands the attribute. Whatever is wrong, the author's own code is part of the output, so
/// that editors keep working and one mistake does not become many.
pub(crate) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if checks::is_stray_ignore(&arguments) {
        checks::report_stray_ignore(&arguments, &mut errors);
        let errors = errors.into_compile_errors();
        return quote!(#item #errors);
    }
    let reader = Reader::new();
    let written = arguments.clone();
    let mut arguments = if reader.is_assigned {
        Arguments::default()
    } else {
        Arguments::parse(arguments, &mut errors)
    };
    let Some(block) = Block::parse(item.clone(), &reader, &mut errors) else {
        checks::report_not_an_impl(item, &mut errors);
        let main = expansion::stand_in_main(&arguments, item);
        let errors = errors.into_compile_errors();
        return quote!(#item #errors #main);
    };

    let author = &block.tokens;
    if !checks::check_header(&block.header, &mut errors) {
        let main = expansion::stand_in_main(&arguments, item);
        let errors = errors.into_compile_errors();
        return quote!(#author #errors #main);
    }

    let around = Surroundings::read(&written, item, &reader);
    if let Some(around) = &around
        && !checks::check_first(around, &mut errors)
    {
        let errors = errors.into_compile_errors();
        return quote!(#author #errors);
    }
    let called = block.methods.iter().filter(|method| !method.ignored);
    let mut model = Model {
        plugin: &block.header.self_ty,
        name: name::resolve(&arguments, &mut errors),
        handlers: called.filter_map(Handler::of).collect(),
        methods: &block.methods,
        elsewhere: Vec::new(),
        new_is_lost: false,
    };
    if let Some(around) = &around {
        checks::check_surroundings(around, &mut model, &mut arguments, &mut errors);
    }
    checks::check(&mut model, &block, &arguments, &mut errors);
    let expansion = expansion::expand(&model, &block, &arguments, errors.is_empty());
    let errors = errors.into_compile_errors();
    quote!(#author #errors #expansion)
}
