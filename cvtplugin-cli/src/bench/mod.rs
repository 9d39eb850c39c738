//! `cvt-plugin bench`.

mod candidate;
mod json;
mod load;
mod measure;
mod report;
mod rounds;
mod samples;
mod statistics;
mod table;
mod usage;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::target::{PluginTarget, Profile, TargetArguments};
use crate::{interrupt, terminal};
use candidate::Candidate;
use cvtplugin::__command::Redactor;
use load::Load;
use report::Report;
use rounds::{Rounds, Scale};

/// Measure a plugin, beside another one if wanted.
///
/// Measures starts, memory, latency, throughput, CPU time and the binary's size, and prints the
/// medians. Two plugins take turns, round by round, since no machine stays the same for long.
///
/// Packages are built for release. The file's timeout does not count: a call may take 60 s.
///
/// The calls are real: `FetchSchema` if the plugins declare and serve it, else
/// `OnValidationFailed`. A plugin that passes them on, such as to a chat, wants a config that leads
/// nowhere.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: TargetArguments,

    /// A plugin to compare with, its binary or its package; it gets the same config.
    #[arg(long, value_name = "BINARY|PACKAGE-DIR")]
    vs: Option<PathBuf>,

    /// How often everything is measured.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one())]
    rounds: u32,

    /// How many calls a round makes, first by many callers and then by one.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = at_least_one())]
    calls: u32,

    /// How many callers call at a time.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = at_least_one())]
    callers: u32,

    /// The schema that is fetched; the plugins have to have it.
    #[arg(long, value_name = "ID", default_value = "petstore")]
    schema: String,

    /// A schema of many megabytes, to measure what these cost.
    #[arg(long, value_name = "ID")]
    big_schema: Option<String>,

    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin bench target/release/cvt-plugin-hello
  cvt-plugin bench ./cvt-plugin-rest --vs ./cvt-plugin-rest-go --config-file config.yaml
  cvt-plugin bench ./cvt-plugin-echo --vs ./cvt-plugin-peer --big-schema bytes:10000000";

fn at_least_one() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let target = arguments.target.find(Profile::Release)?;
    let redactor = target.redactor();
    let other = arguments.vs.as_deref();
    let other = other.map(|path| target.other(path, Profile::Release));
    let other = other.transpose()?;
    let targets = [Some(target), other];
    let measured = interrupt::or_done(Box::pin(measure(targets, &arguments, &redactor))).await;
    measured.map_err(|error| redactor.redact(&error.to_string()).into())
}

async fn measure(
    targets: [Option<PluginTarget>; 2],
    arguments: &Arguments,
    redactor: &Redactor,
) -> Result<ExitCode, BoxError> {
    let loads = Load::all(&arguments.schema);
    let mut candidates = Vec::new();
    for target in targets.into_iter().flatten() {
        candidates.push(Candidate::probe(target, &loads).await?);
    }
    candidate::disambiguate(&mut candidates);
    let plugins = candidates.iter();
    let plugins: Vec<_> = plugins
        .map(|it| (it.label.as_str(), it.served.as_slice()))
        .collect();
    let load = Load::for_all(&loads, &plugins)?;
    let rounds = Rounds {
        scale: Scale {
            rounds: arguments.rounds,
            calls: arguments.calls,
            callers: arguments.callers,
        },
        load,
        big_schema: arguments.big_schema.clone(),
    };
    rounds.run(&mut candidates).await?;
    let report = Report::new(&rounds, candidates);
    if arguments.json {
        let json = format!("{:#}\n", json::write(&report));
        terminal::print(redactor.redact(&json).as_bytes())?;
    } else {
        terminal::print_styled(&redactor.redact(&table::write(&report)))?;
    }
    Ok(ExitCode::SUCCESS)
}
