//! The diagnosis of one plugin.

use std::collections::BTreeSet;
use std::path::Path;

use cvtplugin::__command::Redactor;
use cvtplugin::{ExposeSecret as _, Rpc};

use super::finding::{Finding, Level};
use super::home;
use super::start::{self, Started};
use crate::config_file::PluginEntry;
use crate::executable;
use crate::install::{self, State};
use crate::self_description::{self, SelfDescription};
use crate::{services, suggest};

/// A plugin of the config file.
pub(super) struct Plugin<'a> {
    pub(super) name: &'a str,
    pub(super) entry: &'a PluginEntry,
    /// The hooks that are bound to it.
    pub(super) hooks: Vec<Rpc>,
}

/// How a plugin is looked at.
#[derive(Clone, Copy)]
pub(super) struct Mode<'a> {
    pub(super) home: &'a Path,
    pub(super) state: &'a State,
    /// Whether the plugin is started.
    pub(super) start: bool,
    /// Whether the file loads, so that the config is whole.
    pub(super) file_loads: bool,
}

impl Plugin<'_> {
    /// Everything that can be found out about the plugin. No secret is in it.
    pub(super) async fn diagnose(&self, mode: Mode<'_>) -> Vec<Finding> {
        let mut findings = self.check_file(mode.state);
        let mut description = None;
        if mode.start && findings.iter().all(|it| it.level < Level::Error) {
            let binary = &self.entry.binary;
            let (described, started) = tokio::join!(
                self_description::of(binary),
                start::start(self.name, self.entry, mode.home)
            );
            description = described;
            match started {
                Ok(started) => findings.extend(self.check_started(started)),
                Err(finding) => findings.push(finding),
            }
        }
        if let Some(description) = &description {
            findings.extend(self.check_keys(description, mode.file_loads));
        }
        if self.hooks.is_empty() {
            findings.push(Finding::warning(
                "no hook is bound to it: CVT starts it, and never calls it",
                "bind it to one under `hooks:` in config.yaml, or remove it",
            ));
        }
        // What works is only worth a line where nothing does not.
        if findings.iter().any(|it| it.level > Level::Note) {
            findings.retain(|it| it.level > Level::Ok);
        }
        let redactor = self.redactor(description.as_ref());
        for finding in &mut findings {
            finding.found = redactor.redact(&finding.found).into_owned();
        }
        findings
    }

    /// What the file and its record show.
    fn check_file(&self, state: &State) -> Vec<Finding> {
        let binary = &self.entry.binary;
        if binary.as_os_str().is_empty() {
            // The config file's own problem.
            return Vec::new();
        }
        let mut findings = Vec::new();
        let unrunnable = executable::check(binary).err();
        findings.extend(unrunnable.map(|it| Finding::error(it.found, it.fix)));
        let verified = state.verify(self.name, binary).err();
        findings.extend(verified.map(|it| Finding::error(it.found, it.fix)));
        let file_name = install::name_of(binary);
        if file_name != self.name {
            findings.push(Finding::note(
                format!("its file is named like a plugin `{file_name}`"),
                "",
            ));
        }
        findings
    }

    fn check_started(&self, started: Started) -> Vec<Finding> {
        let info = &started.info;
        let mut findings = started.findings;
        for hook in &self.hooks {
            if services::declares(info, hook.service()) {
                continue;
            }
            let (hook, service) = (hook.method(), hook.service());
            findings.push(Finding::error(
                format!(
                    "the hook {hook} is bound to it, but it does not declare {service}: each call \
                     fails with `plugin not running`, and on_error ({}) applies",
                    self.entry.on_error
                ),
                format!("bind {hook} to another plugin, or to none"),
            ));
        }
        let services = info.services.join(" and ");
        let hooks: Vec<_> = self.hooks.iter().map(|hook| hook.method()).collect();
        findings.push(Finding::ok(format!(
            "{} {} serves {services} for {}; starts in {} ms{}",
            info.name,
            info.version,
            hooks.join(", "),
            started.time.as_millis(),
            if home::is_log_dropped() {
                "; CVT drops its log"
            } else {
                ""
            },
        )));
        findings
    }

    /// The keys of the config beside those that the plugin knows.
    fn check_keys(&self, description: &SelfDescription, file_loads: bool) -> Vec<Finding> {
        let (name, config) = (self.name, &self.entry.config);
        let mut findings = Vec::new();
        let is_set = |key: &str| {
            config
                .get(key)
                .is_some_and(|it| !it.expose_secret().is_empty())
        };
        for key in &description.config {
            if key.required && file_loads && !is_set(&key.name) {
                findings.push(Finding::error(
                    format!(
                        "missing required config key `{}`: every call fails",
                        key.name
                    ),
                    format!(
                        "set it under plugins.{name}.config in config.yaml: {}",
                        key.description
                    ),
                ));
            }
            let is_listed = self.entry.secrets.contains(&key.name);
            if key.secret && is_set(&key.name) && !is_listed {
                findings.push(Finding::warning(
                    format!(
                        "the config key `{}` is a secret, and not listed as one",
                        key.name
                    ),
                    format!("add it to plugins.{name}.secrets in config.yaml"),
                ));
            }
        }
        let known: BTreeSet<_> = description
            .config
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        for key in config.keys().filter(|key| !known.contains(key.as_str())) {
            findings.push(Finding::warning(
                format!("unknown config key `{key}`: the plugin ignores it"),
                suggest::advice(key, known.iter().copied()),
            ));
        }
        findings
    }

    /// Keeps every value that the file or the plugin calls a secret out of what is shown.
    fn redactor(&self, description: Option<&SelfDescription>) -> Redactor {
        let described = description.iter().flat_map(|it| &it.config);
        let described = described.filter(|key| key.secret).map(|key| &key.name);
        let keys = self.entry.secrets.iter().chain(described);
        let values = keys.filter_map(|key| Some((key.as_str(), self.entry.config.get(key)?)));
        values.collect()
    }
}
