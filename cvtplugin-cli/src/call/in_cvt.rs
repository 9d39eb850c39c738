//! What CVT would make of a call: hooks, `on_error` and the record of installed plugins decide.

use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::{Code, Error, Rpc};

use crate::services;
use crate::target::Binding;

/// What there is to say of a call and its outcome beside the outcome itself.
pub(super) fn notes(
    rpc: Option<Rpc>,
    info: &InfoResponse,
    binding: Option<&Binding>,
    error: Option<&Error>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(rpc) = rpc {
        notes.extend(reached(rpc, info, binding).err());
        let reached = notes.is_empty();
        notes.extend(
            error
                .filter(|_| reached)
                .map(|it| outcome(rpc, binding, it)),
        );
    }
    if let Some(Err(why)) = binding.map(Binding::verify_install) {
        notes.push(format!(
            "CVT would not start the plugin: {}; {}",
            why.found, why.fix
        ));
    }
    notes
}

/// Whether CVT makes this call at all, or why not.
fn reached(rpc: Rpc, info: &InfoResponse, binding: Option<&Binding>) -> Result<(), String> {
    let (hook, service) = (rpc.method(), rpc.service());
    let is_bound = |binding: &Binding| binding.hooks.contains(&rpc);
    let declares = services::declares(info, service);
    match binding {
        Some(binding) if !is_bound(binding) => Err(format!(
            "CVT does not make this call: the config file does not bind {hook} to `{}`",
            binding.name
        )),
        Some(binding) if !declares => Err(format!(
            "CVT does not make this call, since the plugin does not declare {service}: the hook \
             fails with `plugin not running`, and on_error ({}) applies",
            binding.on_error
        )),
        None if !declares => Err(format!(
            "CVT does not make this call, since the plugin does not declare {service}: a hook bound \
             to it fails with `plugin not running`"
        )),
        _ => Ok(()),
    }
}

/// What becomes of an error.
fn outcome(rpc: Rpc, binding: Option<&Binding>, error: &Error) -> String {
    let on_error = binding.map_or("fail_closed", |it| it.on_error.as_str());
    match (error.code(), rpc) {
        (Code::Unimplemented, _) => {
            "the plugin opts out of this call: CVT treats that as a no-op, not as a failure".to_owned()
        }
        (_, Rpc::FetchSchema) if on_error == "fail_open" => {
            "CVT drops this error without a log line, and asks its own storage (on_error: fail_open)"
                .to_owned()
        }
        (_, Rpc::FetchSchema) => "CVT reports `schema not found`, logs the error, and does not ask \
                                  its own storage (on_error: fail_closed)"
            .to_owned(),
        _ => "CVT drops this error, whatever on_error is: only the metric \
              cvt_plugin_call_errors_total of `cvt serve` shows it"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes_of(rpc: Rpc, services: &[&str], binding: Option<&Binding>, code: Code) -> String {
        let mut info = InfoResponse::default();
        info.services = services.iter().copied().map(Into::into).collect();
        let error = Error::new(code, "why");
        let rpc = Some(rpc);
        let notes = notes(rpc, &info, binding, Some(&error));
        notes.first().cloned().unwrap_or_default()
    }

    fn bound(on_error: &str) -> Binding {
        Binding {
            name: "rest".to_owned(),
            binary: "/nowhere".into(),
            source: "/nowhere".into(),
            on_error: on_error.to_owned(),
            hooks: vec![Rpc::FetchSchema, Rpc::OnValidationFailed],
        }
    }

    #[test]
    fn in_cvt_hooks_services_and_policy_decide() {
        let both = ["registry.v1", "events.v1"];
        let (closed, open) = (bound("fail_closed"), bound("fail_open"));
        let unknown = Code::Unknown;
        for (note, part) in [
            (
                notes_of(Rpc::RegisterConsumerUsage, &both, Some(&closed), unknown),
                "does not bind register_consumer_usage to `rest`",
            ),
            (
                notes_of(Rpc::FetchSchema, &["events.v1"], Some(&open), unknown),
                "`plugin not running`, and on_error (fail_open) applies",
            ),
            (
                notes_of(Rpc::FetchSchema, &[], None, unknown),
                "does not declare registry.v1",
            ),
            (
                notes_of(Rpc::FetchSchema, &both, Some(&closed), unknown),
                "`schema not found`",
            ),
            (
                notes_of(Rpc::FetchSchema, &both, Some(&open), unknown),
                "asks its own storage",
            ),
            (
                notes_of(Rpc::OnValidationFailed, &both, Some(&closed), unknown),
                "cvt_plugin_call_errors_total",
            ),
            (
                notes_of(Rpc::FetchSchema, &both, None, Code::Unimplemented),
                "a no-op",
            ),
        ] {
            assert!(note.contains(part), "{part}: {note}");
        }
    }
}
