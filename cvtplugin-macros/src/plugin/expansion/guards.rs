//! What makes rustc report a handler that would never be called.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::absence;
use crate::plugin::model::Model;
use crate::rpcs::{self, RPCS};

/// Takes the names of the RPCs that the block does not define: a method of such a name in another
/// block, or from a macro, is a duplicate then. CVT would take it for an opt-out for ever.
pub(super) fn reserved_names(model: &Model<'_>) -> Option<TokenStream> {
    let plugin = model.plugin;
    let reserved: Vec<_> = RPCS
        .iter()
        .filter(|rpc| !model.elsewhere.contains(&rpc.method))
        .filter_map(|rpc| {
            let written = model.methods.iter();
            let cfg = absence::cfg_of(written.filter(|it| it.plain_name() == rpc.method))?;
            let name = format_ident!("{}", rpc.method);
            Some(quote!(#cfg fn #name() {}))
        })
        .collect();
    (!reserved.is_empty()).then(|| {
        quote! {
            impl #plugin {
                #(#reserved)*
            }
        }
    })
}

/// Checks that a handler is left, where each is under a `#[cfg]` or a macro call may hide some.
pub(super) fn presence(model: &Model<'_>, rpcs: &TokenStream) -> Option<TokenStream> {
    let handlers = model
        .methods
        .iter()
        .filter(|method| !method.ignored && rpcs::by_method(&method.plain_name()).is_some());
    let is_certain = handlers.into_iter().any(|method| method.cfgs.is_empty());
    (!is_certain).then(|| quote!(const _: () = __cvt::handles_something(&[#rpcs]);))
}
