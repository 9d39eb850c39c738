//! The mix of calls, and what each of them should come to.

use std::time::Duration;

use cvtplugin::host::{Request, RunningPlugin};
use cvtplugin::prelude::*;

const BIG: usize = 1024 * 1024;

/// What is asked of the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    Fetch,
    Usage,
    Event,
    Log,
    Print,
    Health,
    ConfigChange,
    Error,
    Expired,
    Cancelled,
    Panic,
    BigSpec,
    Oversize,
    Block,
}

/// A call, and what is wrong with its outcome, if anything.
pub(crate) type Outcome = (Call, Result<(), String>);

impl Call {
    /// The call of that number: rare faults at rare numbers, everything else by turns.
    pub(crate) fn number(number: u64) -> Self {
        match number % 200 {
            0 => Self::Panic,
            50 => Self::BigSpec,
            100 => Self::Oversize,
            150 => Self::Block,
            slot => match slot % 20 {
                1 => Self::Expired,
                2 => Self::Cancelled,
                3 => Self::ConfigChange,
                4 => Self::Error,
                5 => Self::Health,
                6 => Self::Print,
                7 => Self::Log,
                8..12 => Self::Event,
                12..15 => Self::Usage,
                _ => Self::Fetch,
            },
        }
    }

    pub(crate) async fn make(self, plugin: &RunningPlugin) -> Outcome {
        let problem = match self {
            Self::Fetch => spec_is(fetch(plugin, "any").await, "echoed: any"),
            Self::Log => spec_is(fetch(plugin, "log:debug:unheard").await, "said"),
            Self::Print => spec_is(fetch(plugin, "stdout:a line").await, "said"),
            Self::Block => spec_is(fetch(plugin, "block:20").await, "slept"),
            Self::BigSpec => match fetch(plugin, &format!("bytes:{BIG}")).await {
                Ok(spec) if spec.spec.len() == BIG => Ok(()),
                Ok(spec) => Err(format!("{} bytes", spec.spec.len())),
                Err(error) => Err(error.to_string()),
            },
            Self::Error => code_is(fetch(plugin, "error:5:none").await, Code::NotFound),
            Self::Panic => code_is(fetch(plugin, "panic").await, Code::Internal),
            Self::Oversize => {
                let id = "x".repeat(4 * BIG);
                code_is(fetch(plugin, &id).await, Code::ResourceExhausted)
            }
            Self::Expired => {
                let request = Request::new(FetchSchemaRequest::new("sleep:60000"));
                let request = request.timeout(Duration::from_millis(2));
                code_is(plugin.fetch_schema(request).await, Code::DeadlineExceeded)
            }
            Self::Cancelled => {
                let call = fetch(plugin, "sleep:60000");
                match tokio::time::timeout(Duration::from_millis(2), call).await {
                    Ok(outcome) => Err(format!("ended by itself: {outcome:?}")),
                    Err(_) => Ok(()),
                }
            }
            Self::Health => match plugin.health().await {
                Ok(Health::Serving) => Ok(()),
                other => Err(format!("{other:?}")),
            },
            Self::ConfigChange => {
                let set = plugin.set_config("key", "value").await;
                set.map_err(|error| error.to_string())
            }
            Self::Usage => {
                let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1");
                let answer = plugin.register_consumer_usage(usage).await;
                acknowledged(answer.map(|answer| answer.acknowledged))
            }
            Self::Event => {
                let event = ValidationFailedRequest::new("petstore", "GET", "/pets");
                let answer = plugin.on_validation_failed(event).await;
                acknowledged(answer.map(|answer| answer.acknowledged))
            }
        };
        (self, problem)
    }
}

async fn fetch(plugin: &RunningPlugin, id: &str) -> Result<FetchSchemaResponse> {
    plugin.fetch_schema(FetchSchemaRequest::new(id)).await
}

fn spec_is(outcome: Result<FetchSchemaResponse>, spec: &str) -> Result<(), String> {
    match outcome {
        Ok(answer) if answer.spec == spec => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn code_is(outcome: Result<FetchSchemaResponse>, code: Code) -> Result<(), String> {
    match outcome {
        Err(error) if error.code() == code => Ok(()),
        Err(error) => Err(format!("{}: {error}", error.code())),
        Ok(answer) => Err(format!("answered with {} bytes", answer.spec.len())),
    }
}

fn acknowledged(outcome: Result<bool>) -> Result<(), String> {
    match outcome {
        Ok(true) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}
