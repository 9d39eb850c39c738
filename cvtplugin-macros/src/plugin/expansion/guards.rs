//! What makes rustc report a handler that would never be called.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::absence;
use crate::plugin::model::Model;
use crate::rpcs::RPCS;

/// Takes the names of the RPCs that the block does not define: a method of such a name in another
/// block, or from a macro, is a duplicate then. CVT would take it for an opt-out for ever.
pub(super) fn reserved_names(model: &Model<'_>) -> Option<TokenStream> {
    let plugin = model.plugin;
    let reserved: Vec<_> = RPCS
        .iter()
        .filter_map(|rpc| {
            let methods = model.methods.iter();
            let cfg = absence::cfg_of(methods.filter(|it| it.plain_name() == rpc.method))?;
            let name = format_ident!("{}", rpc.method);
            Some(quote!(#cfg const #name: () = ();))
        })
        .collect();
    (!reserved.is_empty()).then(|| {
        quote! {
            #[allow(dead_code, non_upper_case_globals)]
            #[doc(hidden)]
            impl #plugin {
                #(#reserved)*
            }
        }
    })
}

/// Checks that a handler is left, where each is under a `#[cfg]` or may be hidden from us.
pub(super) fn presence(
    model: &Model<'_>,
    has_unknown: bool,
    rpcs: &TokenStream,
) -> Option<TokenStream> {
    let is_certain = model
        .handlers
        .iter()
        .any(|handler| handler.role.is_rpc() && handler.callable && handler.method.cfgs.is_empty());
    let is_uncertain = has_unknown || !rpcs.is_empty();
    (!is_certain && is_uncertain).then(|| quote!(const _: () = __cvt::handles_something(&[#rpcs]);))
}
