//! Can `new` be called, which takes what no other method takes?

use quote::ToTokens;
use syn::{PatType, PathArguments, Type};

use super::report::{Report, is_context};
use crate::plugin::model::is_spelled;

const BY_VALUE: &str = "`new` makes the plugin and takes the whole config by value, as in \
                        `async fn new(config: Config) -> Result<Self>`";

pub(super) fn check(report: &mut Report<'_>) {
    if let Some(receiver) = report.handler.signature.receiver() {
        let message = "`new` makes the plugin, so there is no `self` yet: \
                       `async fn new() -> Result<Self>`";
        report.spanning(receiver, message);
    }
    if let Some(config) = report.handler.config()
        && let Some(trouble) = trouble_with(&config.ty)
    {
        report.spanning(&config.ty, trouble);
    }
    if let [first, second] = report.handler.arguments()[..]
        && is_tasks(first) == is_tasks(second)
    {
        let usage = report.handler.role.usage(false);
        report.spanning(second, format!("one argument too many: at most `{usage}`"));
    }
}

fn is_tasks(argument: &PatType) -> bool {
    is_spelled(&argument.ty, "Tasks")
}

/// What is wrong with the type of the config, as far as its spelling tells.
fn trouble_with(ty: &Type) -> Option<String> {
    if is_context(ty) {
        return Some(String::from(
            "`new` takes a config and `Tasks`: there is no call yet, and so no `Context`",
        ));
    }
    match ty {
        Type::Group(group) => trouble_with(&group.elem),
        Type::Reference(reference) => Some(match &*reference.elem {
            Type::Path(path) if !path.path.is_ident("str") => {
                format!("{BY_VALUE}: write `{}`", path.to_token_stream())
            }
            _ => BY_VALUE.to_owned(),
        }),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(_) = last.arguments else {
                return None;
            };
            match last.ident.to_string().as_str() {
                "Option" => Some(String::from(
                    "there always is a config, with the defaults of what is not set: take it \
                     without the `Option`, and make an `Option` of each field that may be missing",
                )),
                "HashMap" | "BTreeMap" | "IndexMap" | "Vec" => Some(format!(
                    "`new` takes a struct that derives `PluginConfig`, with a field for each key. \
                     For the strings as CVT sends them, key by key, leave this {} out and write \
                     `async fn set_config(&self, key: String, value: SecretString) -> Result<()>`",
                    last.ident
                )),
                _ => None,
            }
        }
        _ => None,
    }
}
