//! `cvt-plugin check`.

mod calls;
mod checks;
mod context;
mod messages;
mod names;
mod outcome;
mod report;
mod transcript;

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::target::{PluginTarget, Profile, TargetArguments};
use crate::{interrupt, self_description, terminal};
use checks::start::Step;
use checks::{
    binary, config_file, cookie, ending, handshake, load, logs, orphan, requests, secrets,
    services, signals, socket, stdout,
};
use context::{CheckContext, Run};
use report::Report;

/// Check that a plugin does all that a host relies on.
///
/// The plugin is launched a dozen times and more, with its config, and every RPC that it declares
/// is called, some of them by the dozen, with made-up schemas and events. So configure a backend
/// that may see them.
///
/// What hosts rely on passes or fails. What no host relies on, though a good plugin does it, passes
/// or is a warning. The exit code is 0 if nothing fails, else 1.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: TargetArguments,

    /// A key of the config that holds a secret, which may turn up nowhere; may be repeated. It is
    /// given a made-up value unless --config has one. A config file names its secrets itself.
    ///
    /// Encoded forms are looked for too: percent-encoding, hex, base64 and escapes. For each secret
    /// the plugin is launched once more with an odd value, which clients and parsers are likely to
    /// refuse, since their errors quote it.
    #[arg(long, value_name = "KEY")]
    secret: Vec<String>,

    /// Print one JSON document, for machines: the counts, and `checks`, each with its id, title,
    /// level (pass, warn, fail or skipped), what was found, and advice.
    #[arg(long)]
    json: bool,

    /// Count warnings as failures.
    #[arg(long)]
    strict: bool,

    /// Be the host that is killed to see what becomes of its plugin.
    #[arg(long, hide = true)]
    be_host: bool,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin check ./cvt-plugin-hello
  cvt-plugin check . --config base_url=http://localhost:8080 --secret token
  cvt-plugin check . --config-file config.yaml --strict
  cvt-plugin check . --config-file config.yaml --json > check.json";

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let target = arguments.target.find(Profile::Dev)?;
    interrupt::or_done(Box::pin(async {
        if arguments.be_host {
            orphan::be_host(&target.binary).await?;
            return Ok(ExitCode::SUCCESS);
        }
        check(target, arguments).await
    }))
    .await
}

async fn check(target: PluginTarget, arguments: Arguments) -> Result<ExitCode, BoxError> {
    let binary = target.binary.clone();
    let keys = self_description::of(&binary).await;
    let keys = keys.map(|described| described.config).unwrap_or_default();
    let context = CheckContext::new(target, arguments.secret, keys);
    let report = all(&context).await;
    if arguments.json {
        let json = report.to_json(&binary, arguments.strict);
        terminal::print(format!("{json:#}\n").as_bytes())?;
    } else {
        terminal::print_styled(&report.to_table())?;
    }
    let is_good = report.is_good(arguments.strict);
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Makes every check. How the plugin ends is seen early: the later checks end it, too.
async fn all(context: &CheckContext) -> Report {
    let mut report = Report::begin(context.redactor().clone());
    of_the_start(context, &mut report).await;
    of_the_end(context, &mut report).await;
    of_the_calls(context, &mut report).await;
    of_the_captured_output(context, &mut report);
    report.finish();
    report
}

async fn of_the_start(context: &CheckContext, report: &mut Report) {
    report.check(names::NO_COOKIE, cookie::check(context)).await;
    report.in_progress(names::HANDSHAKE);
    let start = context.launch_first().await;
    report.add(
        names::BINARY,
        binary::check(&context.target().binary, &start),
    );
    report.add(
        names::STDOUT_BEFORE,
        Step::QuietStdout.of(&start, "nothing"),
    );
    report.add(names::HANDSHAKE, Step::Handshake.of(&start, "within 5 s"));
    report.add(names::PROTOCOL_VERSION, Step::Version.of(&start, "1"));
    report.add(names::PING, Step::Ping.of(&start, "`plugin` is SERVING"));
    report.add(names::INFO, handshake::info(&start));
    let keys = format!("{} keys accepted", context.target().config.len());
    report.add(names::CONFIG, Step::Config.of(&start, keys));
    if start.is_err() {
        report.lead_with_last_failure();
    }
}

async fn of_the_end(context: &CheckContext, report: &mut Report) {
    report.in_progress(names::SHUTDOWN);
    let ending = ending::of(context).await;
    report.add(names::SHUTDOWN, ending::shutdown(&ending));
    report.add(names::STREAMS, ending::streams(&ending));
    report.add(names::SOCKET_REMOVED, ending::socket(&ending));
    report
        .check(names::IN_FLIGHT, load::in_flight(context))
        .await;
    report.check(names::SIGTERM, signals::term(context)).await;
    report
        .check(names::SIGINT, context.with_plugin(signals::int))
        .await;
    report.check(names::ORPHAN, orphan::check(context)).await;
    report
        .check(names::PRIVATE_SOCKET, context.with_plugin(socket::private))
        .await;
    report
        .check(names::SOCKET_DIRECTORY, socket::directory(context))
        .await;
}

async fn of_the_calls(context: &CheckContext, report: &mut Report) {
    report
        .check(
            names::UNKNOWN_KEY,
            context.with_plugin(handshake::unknown_key),
        )
        .await;
    report
        .check(names::HEALTH, context.with_plugin(handshake::health))
        .await;
    report
        .check(names::DECLARED, context.with_plugin(services::declared))
        .await;
    report
        .check(names::UNDECLARED, context.with_plugin(services::undeclared))
        .await;
    report
        .check(names::UNKNOWN, context.with_plugin(services::unknown))
        .await;
    report
        .check(names::MALFORMED, context.with_plugin(requests::malformed))
        .await;
    report
        .check(names::ODD, context.with_plugin(requests::odd))
        .await;
    report
        .check(names::OVERSIZED, context.with_plugin(requests::oversized))
        .await;
    report
        .check(names::CONCURRENCY, context.with_plugin(load::concurrency))
        .await;
    report
        .check(names::DEADLINE, context.with_plugin(load::deadline))
        .await;
    report.in_progress(names::SECRETS);
    secrets::provoke(context).await;
    if let Some(binding) = &context.target().binding {
        let hooks = async |run: &Run| config_file::hooks(binding, run);
        report.check(names::HOOKS, context.with_plugin(hooks)).await;
        report.add(names::INSTALL, config_file::install(binding));
    }
}

fn of_the_captured_output(context: &CheckContext, report: &mut Report) {
    let transcript = context.captured.transcript();
    let launched = |outcome| context.has_to_launch().and(outcome);
    report.add(
        names::STDOUT_AFTER,
        launched(stdout::check(&transcript, context.redactor())),
    );
    report.add(
        names::LOGS,
        launched(logs::check(&transcript, context.redactor())),
    );
    report.add(
        names::SECRETS,
        secrets::check(&context.secrets, &context.keys, &transcript),
    );
}
