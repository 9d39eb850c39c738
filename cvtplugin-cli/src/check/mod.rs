//! `cvt-plugin check`.

mod calls;
mod checks;
mod lab;
mod messages;
mod names;
mod outcome;
mod report;
mod transcript;

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::subject::{Profile, Subject, SubjectArguments};
use crate::{cli, interrupt};
use checks::start::Step;
use checks::{
    binary, cookie, ending, handshake, load, logs, orphan, requests, secrets, services, signals,
    socket, stdout,
};
use lab::Lab;
use report::Report;

/// Check that a plugin does all that a host relies on.
///
/// The plugin is launched a dozen times and more, with its config, and every RPC that it declares
/// is called, some of them by the dozen, with made-up schemas and events. So configure a backend
/// that may see them.
///
/// What hosts rely on passes or fails. What no host relies on, though a good plugin does it, passes
/// or is lacking. The exit code is 0 if nothing fails, else 1.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: SubjectArguments,

    /// A key of the config that holds a secret, which may turn up nowhere; may be repeated. It is
    /// given a made-up value unless --config has one. A config file names its secrets itself.
    #[arg(long, value_name = "KEY")]
    secret: Vec<String>,

    /// Print one JSON document, for machines: the counts, and `checks`, each with its id, title,
    /// level (pass, lacks, fail or skipped), what was found, and advice.
    #[arg(long)]
    json: bool,

    /// Let what is lacking count as failed.
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
    let subject = arguments.subject.find(Profile::Dev)?;
    interrupt::or_done(Box::pin(async {
        if arguments.be_host {
            orphan::be_host(&subject.binary).await?;
            return Ok(ExitCode::SUCCESS);
        }
        check(subject, arguments).await
    }))
    .await
}

async fn check(subject: Subject, arguments: Arguments) -> Result<ExitCode, BoxError> {
    let binary = subject.binary.clone();
    let report = all(&Lab::new(subject, arguments.secret)).await;
    if arguments.json {
        let json = report.to_json(&binary, arguments.strict);
        cli::print(format!("{json:#}\n").as_bytes())?;
    } else {
        cli::print_styled(&report.to_table())?;
    }
    let is_good = report.is_good(arguments.strict);
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Makes every check. How the plugin ends is seen early: the later checks end it, too.
async fn all(lab: &Lab) -> Report {
    let mut report = Report::begin(lab.subject().redaction());
    of_the_start(lab, &mut report).await;
    of_the_end(lab, &mut report).await;
    of_the_calls(lab, &mut report).await;
    of_all_it_said(lab, &mut report);
    report.finish();
    report
}

async fn of_the_start(lab: &Lab, report: &mut Report) {
    report.check(names::NO_COOKIE, cookie::check(lab)).await;
    report.under_way(names::HANDSHAKE);
    let start = lab.launch_first().await;
    report.add(names::BINARY, binary::check(&lab.subject().binary, &start));
    report.add(
        names::STDOUT_BEFORE,
        Step::QuietStdout.of(&start, "nothing"),
    );
    report.add(names::HANDSHAKE, Step::Handshake.of(&start, "within 5 s"));
    report.add(names::PROTOCOL_VERSION, Step::Version.of(&start, "1"));
    report.add(names::PING, Step::Ping.of(&start, "`plugin` is SERVING"));
    report.add(names::INFO, handshake::info(&start));
    let keys = format!("{} keys accepted", lab.subject().config.len());
    report.add(names::CONFIG, Step::Config.of(&start, keys));
}

async fn of_the_end(lab: &Lab, report: &mut Report) {
    report.under_way(names::SHUTDOWN);
    let ending = ending::of(lab).await;
    report.add(names::SHUTDOWN, ending::shutdown(&ending));
    report.add(names::STREAMS, ending::streams(&ending));
    report.add(names::SOCKET_REMOVED, ending::socket(&ending));
    report.check(names::IN_FLIGHT, load::in_flight(lab)).await;
    report.check(names::SIGTERM, signals::term(lab)).await;
    report.check(names::SIGINT, lab.look(signals::int)).await;
    report.check(names::ORPHAN, orphan::check(lab)).await;
    report
        .check(names::PRIVATE_SOCKET, lab.look(socket::private))
        .await;
    report
        .check(names::SOCKET_FOLDER, socket::folder(lab))
        .await;
}

async fn of_the_calls(lab: &Lab, report: &mut Report) {
    report
        .check(names::UNKNOWN_KEY, lab.look(handshake::unknown_key))
        .await;
    report
        .check(names::HEALTH, lab.look(handshake::health))
        .await;
    report
        .check(names::DECLARED, lab.look(services::declared))
        .await;
    report
        .check(names::UNDECLARED, lab.look(services::undeclared))
        .await;
    report
        .check(names::UNKNOWN, lab.look(services::unknown))
        .await;
    report
        .check(names::MALFORMED, lab.look(requests::malformed))
        .await;
    report.check(names::ODD, lab.look(requests::odd)).await;
    report
        .check(names::OVERSIZED, lab.look(requests::oversized))
        .await;
    report
        .check(names::CONCURRENCY, lab.look(load::concurrency))
        .await;
    report
        .check(names::DEADLINE, lab.look(load::deadline))
        .await;
}

/// What only shows when all is said.
fn of_all_it_said(lab: &Lab, report: &mut Report) {
    let words = lab.said.words();
    let launched = |outcome| lab.has_to_launch().and(outcome);
    report.add(
        names::STDOUT_AFTER,
        launched(stdout::check(&words, &lab.subject().redaction())),
    );
    report.add(
        names::LOGS,
        launched(logs::check(&words, &lab.subject().redaction())),
    );
    report.add(names::SECRETS, secrets::check(&lab.secrets, &words));
}
