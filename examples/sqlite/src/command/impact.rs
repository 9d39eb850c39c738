//! `impact`: tells which consumers a change of a schema breaks.

use std::process::ExitCode;
use std::thread;

use clap::Args;
use cvtplugin::{Error, Result, ResultExt as _};

use super::output;
use super::registry::Registry;
use crate::impact::{Assessment, Report, Verdict, assess};

/// The exit code where some consumers may break, or nobody knows.
pub(super) const CANNOT_SAY: u8 = 2;

/// Bytes of address space, of which only those in use take memory.
const STACK: usize = 256 * 1024 * 1024;

/// Exit code: 0 if no consumer is affected, 1 if one is broken, 2 if that cannot be said.
#[derive(Args)]
pub(super) struct Impact {
    /// Id of the schema
    schema: String,
    /// Version that consumers use today
    #[arg(long, value_name = "VERSION")]
    from: String,
    /// Version that they are to use
    #[arg(long, value_name = "VERSION")]
    to: String,
    /// Print JSON, with all the evidence
    #[arg(long)]
    json: bool,
}

impl Impact {
    pub(super) fn run(&self, registry: &Registry) -> Result<ExitCode> {
        let store = registry.open()?;
        let assess = || assess(&store, &self.schema, &self.from, &self.to);
        let report = thread::scope(|scope| {
            // Documents can be nested deeper than a thread usually can.
            let thread = thread::Builder::new().stack_size(STACK);
            let assessing = thread.spawn_scoped(scope, assess);
            let assessing = assessing.internal("cannot start a thread")?;
            assessing
                .join()
                .unwrap_or_else(|_| Err(Error::internal("comparing has panicked")))
        })?;
        if self.json {
            output::print_json(&report)?;
        } else {
            print(&report)?;
        }
        Ok(ExitCode::from(match report.verdict {
            Verdict::Unaffected => 0,
            Verdict::Broken => 1,
            Verdict::Possibly | Verdict::Unknown => CANNOT_SAY,
        }))
    }
}

fn print(report: &Report) -> Result<()> {
    let rows = report.consumers.iter().map(|it| {
        let (consumer, environment) = (it.consumer.clone(), it.environment.clone());
        [
            consumer,
            environment,
            it.version.clone(),
            it.verdict.to_string(),
            line_of(it),
        ]
    });
    let headings = ["CONSUMER", "ENVIRONMENT", "VERSION", "VERDICT", "EVIDENCE"];
    let Report {
        schema,
        from,
        to,
        verdict,
        ..
    } = report;
    let none = format!("no consumers of {schema} are registered");
    output::print_table(headings, rows.collect(), &none)?;
    for missing in &report.missing {
        output::print(&format!("{}: import it first\n", missing.evidence))?;
    }
    output::print(&format!("{schema} {from} to {to}: {verdict}\n"))
}

/// The worst of the evidence.
fn line_of(assessment: &Assessment) -> String {
    let worst = assessment
        .evidence
        .first()
        .map_or("", |change| &change.evidence);
    match assessment.evidence.len() {
        0 | 1 => worst.to_owned(),
        all => format!("{worst} (and {} more)", all - 1),
    }
}
