//! The command line's root.

use clap::{Parser, Subcommand};

use crate::{bench, call, check, completions, dev, docs, doctor, new, schema};

/// Make, check, call, measure and diagnose plugins for CVT, the Contract Validator Toolkit.
///
/// For plugins in any language. Authors need no CVT for any of it; operators have `doctor`. See the
/// --help of each command for details and examples.
#[derive(Debug, Parser)]
#[command(name = "cvt-plugin", version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin new demo && cd demo && cargo test
  cvt-plugin dev
  cvt-plugin call . FetchSchema schema_id=example --config-file config.yaml
  cvt-plugin check . --config-file config.yaml
  cvt-plugin doctor

Colours are for terminals; NO_COLOR=1 turns them off.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::Arguments),
    Dev(dev::Arguments),
    #[command(hide = true)]
    DevShim(dev::ShimArguments),
    Check(check::Arguments),
    Call(call::Arguments),
    Bench(bench::Arguments),
    Docs(docs::Arguments),
    Schema(schema::Arguments),
    Doctor(doctor::Arguments),
    Completions(completions::Arguments),
}
