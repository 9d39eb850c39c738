//! The plugin in CVT's config file, if one is given.

use crate::check::context::Run;
use crate::check::outcome::{Finding, Outcome};
use crate::install::NotInstalled;
use crate::services;
use crate::target::Binding;

/// Every hook that is bound to the plugin is of a service that it declares.
pub(in crate::check) fn hooks(binding: &Binding, run: &Run) -> Outcome {
    let mut hooks = binding.hooks.iter();
    if let Some(hook) = hooks.find(|hook| !services::declares(run.info(), hook.service())) {
        let (hook, service) = (hook.method(), hook.service());
        return Err(Finding::fail(
            format!("{hook} is bound to it, and {service} is not declared: `plugin not running`"),
            format!("bind {hook} to another plugin, or declare {service} and serve it"),
        ));
    }
    if binding.hooks.is_empty() {
        return Err(Finding::warn(
            "no hook is bound to it: CVT starts it, and never calls it",
            "bind it under `hooks:` in the config file",
        ));
    }
    let hooks: Vec<_> = binding.hooks.iter().map(|hook| hook.method()).collect();
    Ok(hooks.join(", "))
}

/// CVT would start it. Authors check what is not installed yet, so that is not a failure.
pub(in crate::check) fn install(binding: &Binding) -> Outcome {
    let verified = binding.verify_install();
    let not_yet = |why: NotInstalled| {
        Finding::skip(format!(
            "CVT would not start it yet: {}; {}",
            why.found, why.fix
        ))
    };
    verified.map_err(not_yet)?;
    Ok("as recorded in state.json".to_owned())
}
