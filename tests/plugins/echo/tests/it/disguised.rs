//! Secrets in all their forms, on all ways out of a plugin.

use aho_corasick::AhoCorasick;
use cvtplugin::host::StdStream::{Stderr, Stdout};

use crate::disguises::{Numbers, forms};
use crate::harness::Echo;

const LEAKY: &str = env!("CARGO_BIN_EXE_cvt-plugin-leaky");

const WAYS: [&str; 9] = [
    "log", "field", "span", "error", "source", "panic", "stdout", "stderr", "child",
];

/// In each plugin that is launched.
const SECRETS: usize = 20;

/// What a record holds before it is cut.
const MAX_TEXT: usize = 40_000;

/// What got out of a plugin.
#[derive(Default)]
struct Out {
    log_file: String,
    records: String,
    printed: String,
    errors: String,
}

/// Lets each text out on each way.
async fn let_out(secrets: &[String], texts: &[String]) -> Out {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("plugin.log");
    let leaky = Echo::launch_binary(LEAKY, |host| {
        let host = host.env("CVT_PLUGIN_LOG_FILE", &path);
        host.env("CVT_PLUGIN_LOG", "debug")
            .config("secrets", secrets.join(","))
    });
    let leaky = leaky.await;
    let count = leaky.say("secrets:").await.expect("a number");
    assert_eq!(count, secrets.len().to_string());
    let mut out = Out::default();
    for text in texts {
        for way in WAYS {
            if let Err(error) = leaky.say(format!("{way}:{text}")).await {
                out.errors.extend([&error.to_string(), "\n"]);
            }
        }
    }
    let captured = leaky.captured.clone();
    leaky.end().await;
    out.log_file = std::fs::read_to_string(&path).expect("the log file");
    for record in captured.logs() {
        out.records.extend([&record.message, "\n"]);
        for value in record.fields.values() {
            out.records
                .extend([value.as_str().unwrap_or_default(), "\n"]);
        }
    }
    out.printed = captured.output(Stdout) + &captured.output(Stderr);
    out
}

/// Texts that hold all these forms, each on a line of its own.
fn texts(forms: &[String]) -> Vec<String> {
    let mut texts = vec![String::new()];
    for form in forms {
        let last = texts
            .last_mut()
            .filter(|text| text.len() + form.len() < MAX_TEXT);
        let line = format!("-- {form} --\n");
        match last {
            Some(text) => text.push_str(&line),
            None => texts.push(line),
        }
    }
    texts
}

#[tokio::test]
async fn secrets_get_out_in_no_form_on_no_way() {
    look_for_secrets(2).await;
}

#[tokio::test]
#[ignore = "takes minutes: .ci/long runs it"]
async fn thousand_secrets_get_out_in_no_form_on_no_way() {
    look_for_secrets(50).await;
}

/// Lets out the secrets of so many plugins.
async fn look_for_secrets(plugins: usize) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..plugins {
        // Short ones turn up by chance, and commas separate.
        let secrets = std::iter::repeat_with(|| numbers.secret().replace(',', ";"));
        let secrets = secrets.filter(|secret| secret.trim().len() >= 12);
        let secrets: Vec<_> = secrets.take(SECRETS).collect();
        let forms: Vec<_> = secrets
            .iter()
            .map(|it| forms(it.trim(), &mut numbers))
            .collect();
        let out = let_out(
            &secrets,
            &forms.iter().flat_map(|it| texts(it)).collect::<Vec<_>>(),
        )
        .await;
        let lines = secrets.iter().flat_map(|secret| secret.lines());
        let lines = lines.filter(|line| line.len() > 60).map(ToOwned::to_owned);
        let forms: Vec<_> = forms.iter().flatten().cloned().chain(lines).collect();
        let wanted = AhoCorasick::new(&forms).expect("a few patterns");
        for (place, text) in [
            ("log file", &out.log_file),
            ("records", &out.records),
            ("output", &out.printed),
            ("errors", &out.errors),
        ] {
            let found = wanted.find(text).map(|found| &text[found.range()]);
            assert_eq!(found, None, "in the {place}, of {secrets:#?}");
            assert!(
                text.matches("[redacted]").count() >= forms.len(),
                "in the {place}"
            );
        }
    }
}

#[tokio::test]
async fn texts_without_secrets_get_out_unchanged() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let secrets: Vec<_> = (0..SECRETS)
        .map(|_| numbers.secret().replace(',', ";"))
        .collect();
    let others: Vec<_> = (0..SECRETS)
        .map(|_| numbers.secret().replace("-----", ""))
        .collect();
    let texts: Vec<_> = others
        .iter()
        .flat_map(|it| texts(&forms(it, &mut numbers)))
        .collect();
    let out = let_out(&secrets, &texts).await;
    for (place, text) in [("output", &out.printed), ("records", &out.records)] {
        assert!(!text.contains("[redacted]"), "in the {place}");
        for line in texts.iter().flat_map(|text| text.lines()) {
            assert!(text.contains(line), "{line} is not in the {place}");
        }
    }
}
