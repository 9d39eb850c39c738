//! The measuring: candidates take turns, round by round.

use std::fs;
use std::time::{Duration, Instant};

use cvtplugin::host::RunningPlugin;
use cvtplugin::protocol::SERVICE_REGISTRY_V1;
use cvtplugin::{BoxError, Code, Error, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::candidate::Candidate;
use super::load::{self, Load};
use super::measure::Measure;
use super::samples::Samples;
use super::statistics::percentile;
use super::usage;
use crate::services;

pub(super) const STARTS_PER_ROUND: u32 = 10;
pub(super) const BIG_SPECS_PER_ROUND: u32 = 5;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) rounds: u32,
    /// In each round: of one caller, and of many.
    pub(super) calls: u32,
    pub(super) callers: u32,
}

/// What is measured in each round, and how often.
pub(super) struct Rounds {
    pub(super) scale: Scale,
    pub(super) load: Load,
    pub(super) big_schema: Option<String>,
}

/// A part of a round.
#[derive(Clone, Copy)]
enum Step {
    Starts,
    Calls,
    BigSpecs,
}

impl Rounds {
    /// Measures all candidates.
    pub(super) async fn run(&self, candidates: &mut [Candidate]) -> Result<(), BoxError> {
        let steps = [Step::Starts, Step::Calls, Step::BigSpecs];
        let rounds = self.scale.rounds;
        let bar = progress_bar(rounds, steps.len() * candidates.len())?;
        for candidate in candidates.iter_mut() {
            binary_size(candidate)?;
        }
        for round in 1..=rounds {
            // Going first gives no advantage in the end.
            candidates.reverse();
            for step in steps {
                for candidate in candidates.iter_mut() {
                    let label = &candidate.label;
                    bar.set_message(format!("round {round} of {rounds}: {label}"));
                    self.measure(step, candidate).await?;
                    bar.inc(1);
                }
            }
        }
        if rounds % 2 == 1 {
            candidates.reverse();
        }
        bar.finish_and_clear();
        Ok(())
    }

    async fn measure(&self, step: Step, candidate: &mut Candidate) -> Result<(), BoxError> {
        match step {
            Step::Starts => starts(candidate).await,
            Step::Calls => self.calls(candidate).await,
            Step::BigSpecs => self.big_specs(candidate).await,
        }
    }

    async fn calls(&self, candidate: &mut Candidate) -> Result<(), BoxError> {
        let plugin = candidate.launch().await?;
        let measured = async {
            let Scale { callers, .. } = self.scale;
            let warm_up = callers.saturating_mul(10);
            self.load.run(plugin.client(), warm_up, callers).await?;
            self.many_callers(&plugin, &mut candidate.samples).await?;
            self.one_caller(&plugin, &mut candidate.samples).await
        };
        if let Err(error) = measured.await {
            return Err(self.failed(candidate, &error));
        }
        candidate.end(plugin).await
    }

    async fn many_callers(&self, plugin: &RunningPlugin, samples: &mut Samples) -> Result<()> {
        let id = plugin.process_id();
        let Scale { calls, callers, .. } = self.scale;
        let (cpu, start) = (usage::cpu_time(id), Instant::now());
        self.load.run(plugin.client(), calls, callers).await?;
        let (time, cpu) = (start.elapsed(), since(cpu, usage::cpu_time(id)));

        let calls = f64::from(calls);
        samples.add(Measure::LoadCpu, cpu.map(|cpu| us(cpu) / calls));
        samples.add(Measure::LoadRate, Ok(calls / time.as_secs_f64()));
        let rss = usage::usage(id).map(|usage| usage.rss_mb);
        samples.add(Measure::LoadRss, rss);
        Ok(())
    }

    async fn one_caller(&self, plugin: &RunningPlugin, samples: &mut Samples) -> Result<()> {
        let id = plugin.process_id();
        let calls = self.scale.calls;
        let cpu = usage::cpu_time(id);
        let mut latencies = Vec::new();
        for _ in 0..calls {
            let start = Instant::now();
            self.load.call(plugin.client()).await?;
            latencies.push(us(start.elapsed()));
        }
        let cpu = since(cpu, usage::cpu_time(id));
        samples.add(
            Measure::SequentialCpu,
            cpu.map(|cpu| us(cpu) / f64::from(calls)),
        );
        for (measure, percent) in [(Measure::LatencyP50, 50), (Measure::LatencyP99, 99)] {
            let latency = percentile(&latencies, percent);
            samples.add(measure, latency.ok_or_else(|| "no calls".to_owned()));
        }
        Ok(())
    }

    fn failed(&self, candidate: &Candidate, error: &Error) -> BoxError {
        let hint = match (&self.load, error.code()) {
            (Load::FetchSchema { .. }, Code::NotFound) => {
                "; name a schema that it has with --schema"
            }
            _ => "",
        };
        candidate.error(&format!("{}: {error}{hint}", self.load))
    }

    /// Uses a plugin of its own, whose peak is due to nothing else.
    async fn big_specs(&self, candidate: &mut Candidate) -> Result<(), BoxError> {
        let Some(id) = &self.big_schema else {
            no_big_spec(candidate, "no --big-schema was given");
            return Ok(());
        };
        if !services::declares(&candidate.info, SERVICE_REGISTRY_V1) {
            no_big_spec(candidate, "registry.v1 is not declared");
            return Ok(());
        }
        let plugin = candidate.launch().await?;
        for _ in 0..BIG_SPECS_PER_ROUND {
            let start = Instant::now();
            if let Err(error) = load::fetch(plugin.client(), id).await {
                no_big_spec(candidate, &format!("FetchSchema of {id}: {error}"));
                break;
            }
            let time = ms(start.elapsed());
            candidate.samples.add(Measure::BigSpecTime, Ok(time));
        }
        let peak = usage::usage(plugin.process_id()).map(|usage| usage.peak_rss_mb);
        candidate.samples.add(Measure::BigSpecPeakRss, peak);
        candidate.end(plugin).await
    }
}

async fn starts(candidate: &mut Candidate) -> Result<(), BoxError> {
    for _ in 0..STARTS_PER_ROUND {
        let cpu = usage::cpu_time_of_ended();
        let plugin = candidate.launch().await?;
        let (handshake, info) = (plugin.handshake_time(), plugin.info_time());
        let idle = usage::usage(plugin.process_id());
        candidate.end(plugin).await?;
        let cpu = since(cpu, usage::cpu_time_of_ended());

        let samples = &mut candidate.samples;
        samples.add(Measure::HandshakeTime, Ok(ms(handshake)));
        samples.add(Measure::InfoTime, Ok(ms(info)));
        samples.add(Measure::StartCpu, cpu.map(ms));
        let idle = idle.as_ref().map_err(Clone::clone);
        samples.add(Measure::IdleRss, idle.clone().map(|usage| usage.rss_mb));
        samples.add(Measure::IdleThreads, idle.map(|usage| usage.threads));
    }
    Ok(())
}

fn binary_size(candidate: &mut Candidate) -> Result<(), BoxError> {
    let binary = fs::metadata(&candidate.target.binary);
    let size = binary.map_err(|error| candidate.error(&error))?.len();
    let size = usage::megabytes(size);
    candidate.samples.add(Measure::BinarySize, Ok(size));
    Ok(())
}

fn no_big_spec(candidate: &mut Candidate, why: &str) {
    for measure in [Measure::BigSpecTime, Measure::BigSpecPeakRss] {
        candidate.samples.add(measure, Err(why.to_owned()));
    }
}

/// How much `after` is more than `before`, if both are known.
fn since(
    before: Result<Duration, String>,
    after: Result<Duration, String>,
) -> Result<Duration, String> {
    Ok(after?.saturating_sub(before?))
}

/// Shows itself on terminals only.
fn progress_bar(rounds: u32, steps_per_round: usize) -> Result<ProgressBar, BoxError> {
    let steps = u64::from(rounds) * u64::try_from(steps_per_round)?;
    let style = ProgressStyle::with_template("{bar:30} {msg}")?;
    Ok(ProgressBar::new(steps).with_style(style))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn us(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
