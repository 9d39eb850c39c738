//! Is there one way for the config to arrive, and is it known what in it is secret?

use crate::errors::Errors;
use crate::plugin::arguments::Arguments;
use crate::plugin::model::{Handler, Model};
use crate::plugin::role::Role;

pub(super) fn check(model: &Model<'_>, arguments: &Arguments, errors: &mut Errors) {
    let mut handlers = model.handlers.iter();
    let raw = handlers.find(|handler| matches!(handler.role, Role::SetConfig));
    let is_typed = model.handlers.iter().any(is_typed_constructor);
    match (raw, &arguments.secrets) {
        (Some(raw), _) if is_typed => {
            let message = "`new` takes the whole config already, so `set_config` would never be \
                           called: keep one of them";
            errors.spanning(raw.name(), message);
        }
        (Some(raw), None) if arguments.are_valid && raw.callable => {
            let message = "which keys are secret? Their values are kept out of the log: write \
                           `#[cvt_plugin(secrets(\"token\"))]` on the impl block, or `secrets()` \
                           if none is";
            errors.spanning(raw.name(), message);
        }
        (None, Some((key, _))) if is_typed => {
            let message = "a secret of a typed config is a field of type `SecretString`: remove \
                           `secrets`";
            errors.spanning(key, message);
        }
        (None, Some((key, _))) => {
            let message = "`secrets` is about the keys that `set_config` takes, and there is no \
                           `set_config` here: remove it";
            errors.spanning(key, message);
        }
        _ => {}
    }
}

fn is_typed_constructor(handler: &Handler<'_>) -> bool {
    matches!(handler.role, Role::New) && !handler.arguments().is_empty()
}
