//! A plugin with secrets of all kinds, one of which changes again and again, that lets them out in all
//! forms and ways while its log file takes nothing: none of them gets out, and nothing waits.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use cvtplugin::host::{Exit, Host};
use cvtplugin::prelude::*;
use cvtplugin_testkit::terminal;

use crate::disguises::{Numbers, forms};

const SECRETS: usize = 20;

/// How often all of them are let out before one changes.
const ROUNDS: usize = 2;

const WAYS: [&str; 8] = [
    "log", "field", "span", "error", "source", "panic", "stdout", "stderr",
];

/// What became of them.
pub(crate) struct Leaks {
    pub(crate) calls: usize,
    pub(crate) changes: usize,
    pub(crate) redacted: usize,
    /// What got out, and what else went wrong.
    pub(crate) lost: Vec<String>,
    pub(crate) exit: Exit,
}

/// Looks for secrets in what gets out.
#[derive(Clone)]
struct Search {
    secrets: Arc<AhoCorasick>,
    redacted: Arc<AtomicUsize>,
    found: Arc<Mutex<Vec<String>>>,
}

impl Search {
    fn look(&self, text: &str) {
        let redacted = text.matches("[redacted]").count();
        self.redacted.fetch_add(redacted, Ordering::Relaxed);
        if let Some(found) = self.secrets.find(text) {
            self.add(text[found.range()].to_owned());
        }
    }

    fn add(&self, lost: String) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.push(lost);
    }
}

impl Leaks {
    /// Goes on until it is told to stop.
    pub(crate) async fn watch(plugin: PathBuf, stop: Arc<AtomicBool>) -> Result<Self, BoxError> {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        // Short ones turn up by chance, and commas separate.
        let secrets = std::iter::repeat_with(|| numbers.secret().replace(',', ";"));
        let secrets = secrets.filter(|secret| secret.trim().len() >= 12);
        let secrets: Vec<_> = secrets.take(SECRETS).collect();
        let texts: Vec<_> = secrets
            .iter()
            .map(|it| forms(it.trim(), &mut numbers))
            .collect();
        let search = Search {
            secrets: Arc::new(AhoCorasick::new(texts.iter().flatten())?),
            redacted: Arc::default(),
            found: Arc::default(),
        };
        let (_terminal, path) = terminal::stopped();
        let host = listened_to(Host::new(plugin), &search);
        let host = host.env("CVT_PLUGIN_LOG_FILE", path);
        let plugin = host.config("secrets", secrets.join(",")).launch().await?;
        let (mut calls, mut changes) = (0, 0);
        while !stop.load(Ordering::Relaxed) {
            for (text, way) in texts
                .iter()
                .flat_map(|text| WAYS.map(|way| (text, way)))
                .cycle()
                .take(ROUNDS * SECRETS * WAYS.len())
            {
                let request = FetchSchemaRequest::new(format!("{way}:{}", text.join("\n")));
                match plugin.fetch_schema(request).await {
                    Err(error) if !["error", "source", "panic"].contains(&way) => {
                        search.add(format!("{way}: {error}"));
                    }
                    Err(error) => search.look(error.message()),
                    Ok(_) => {}
                }
                calls += 1;
            }
            changes += 1;
            let more = format!("{},one that changes: {changes}", secrets.join(","));
            plugin.set_config("secrets", more).await?;
        }
        let exit = plugin.shutdown().await?;
        let lost =
            std::mem::take(&mut *search.found.lock().unwrap_or_else(PoisonError::into_inner));
        let redacted = search.redacted.load(Ordering::Relaxed);
        Ok(Self {
            calls,
            changes,
            redacted,
            lost,
            exit,
        })
    }
}

fn listened_to(host: Host, search: &Search) -> Host {
    let (in_log, in_output) = (search.clone(), search.clone());
    host.on_log(move |record| {
        in_log.look(&record.message);
        for value in record.fields.values() {
            in_log.look(value.as_str().unwrap_or_default());
        }
    })
    .on_output(move |_, data| in_output.look(&String::from_utf8_lossy(data)))
}
