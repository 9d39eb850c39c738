//! The mix of calls, and what each of them should come to.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::host::{Request, RunningPlugin};
use cvtplugin::prelude::*;

use crate::connections;

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
    Malformed,
    BadConnection,
    BrokenConnection,
    Resets,
    Block,
}

/// What became of a call.
pub(crate) struct Outcome {
    pub(crate) call: Call,
    /// The error that it ended with, as it should or not.
    pub(crate) code: Option<Code>,
    /// What is wrong with that, if anything.
    pub(crate) problem: Option<String>,
}

/// What a call should come to.
enum Expected {
    Text(&'static str),
    Size(usize),
    Code(Code),
}

impl Call {
    /// The call of that number: rare faults at rare numbers, everything else by turns.
    pub(crate) fn number(number: u64) -> Self {
        match number % 400 {
            0 | 200 => Self::Panic,
            25 => Self::BadConnection,
            75 => Self::BrokenConnection,
            50 | 250 => Self::BigSpec,
            100 | 300 => Self::Oversize,
            125 | 325 => Self::Malformed,
            150 | 350 => Self::Block,
            175 => Self::Resets,
            slot => match slot % 20 {
                1 => Self::Expired,
                2 => Self::Cancelled,
                3 => Self::ConfigChange,
                4 => Self::Error,
                6 => Self::Health,
                7 => Self::Print,
                8 => Self::Log,
                9..12 => Self::Event,
                12..15 => Self::Usage,
                _ => Self::Fetch,
            },
        }
    }

    pub(crate) async fn make(self, plugin: &RunningPlugin) -> Outcome {
        let response = self.send(plugin).await;
        Outcome {
            call: self,
            problem: self.expected().problem_with(&response),
            code: response.err().map(|error| error.code()),
        }
    }

    fn expected(self) -> Expected {
        match self {
            Self::Fetch => Expected::Text("echoed: any"),
            Self::Log => Expected::Text("echoed: log:debug:unheard"),
            Self::Print => Expected::Text("echoed: stdout:a line"),
            Self::Block => Expected::Text("slept"),
            Self::Health => Expected::Text("Serving"),
            Self::Usage | Self::Event => Expected::Text("true"),
            Self::ConfigChange => Expected::Text(""),
            Self::BadConnection | Self::BrokenConnection => Expected::Text("closed"),
            Self::BigSpec => Expected::Size(BIG),
            Self::Error => Expected::Code(Code::NotFound),
            Self::Panic | Self::Malformed => Expected::Code(Code::Internal),
            Self::Oversize => Expected::Code(Code::ResourceExhausted),
            Self::Expired => Expected::Code(Code::DeadlineExceeded),
            Self::Cancelled | Self::Resets => Expected::Code(Code::Cancelled),
        }
    }

    /// Whatever it is, as text.
    async fn send(self, plugin: &RunningPlugin) -> Result<Bytes> {
        match self {
            Self::Fetch => fetch(plugin, "any").await,
            Self::Log => fetch(plugin, "log:debug:unheard").await,
            Self::Print => fetch(plugin, "stdout:a line").await,
            Self::Block => fetch(plugin, "block:20").await,
            Self::BigSpec => fetch(plugin, &format!("bytes:{BIG}")).await,
            Self::Error => fetch(plugin, "error:5:none").await,
            Self::Panic => fetch(plugin, "panic").await,
            Self::Oversize => fetch(plugin, &"x".repeat(4 * BIG)).await,
            Self::Malformed => {
                let path = "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema";
                plugin
                    .client()
                    .call_raw(path, Bytes::from_static(&[0xff; 3]))
                    .await
            }
            Self::Expired => {
                let request = Request::new(FetchSchemaRequest::new("sleep:60000"));
                let request = request.timeout(Duration::from_millis(2));
                Ok(plugin.fetch_schema(request).await?.spec)
            }
            Self::Cancelled => cancel(plugin, Duration::from_millis(2)).await,
            Self::Resets => {
                for _ in 0..50 {
                    // Sent, and taken back at once.
                    let _ = cancel(plugin, Duration::ZERO).await;
                }
                cancel(plugin, Duration::ZERO).await
            }
            Self::BadConnection => connections::bad(Path::new(plugin.address())).await,
            Self::BrokenConnection => connections::broken(Path::new(plugin.address())).await,
            Self::Health => Ok(format!("{:?}", plugin.health().await?).into()),
            Self::ConfigChange => {
                plugin.set_config("key", "value").await?;
                Ok(Bytes::new())
            }
            Self::Usage => {
                let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1");
                let response = plugin.register_consumer_usage(usage).await?;
                Ok(response.acknowledged.to_string().into())
            }
            Self::Event => {
                let event = ValidationFailedRequest::new("petstore", "GET", "/pets");
                let response = plugin.on_validation_failed(event).await?;
                Ok(response.acknowledged.to_string().into())
            }
        }
    }
}

async fn fetch(plugin: &RunningPlugin, id: &str) -> Result<Bytes> {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new(id)).await?;
    Ok(schema.spec)
}

/// Makes a call, and cancels it after `timeout`.
async fn cancel(plugin: &RunningPlugin, timeout: Duration) -> Result<Bytes> {
    let call = fetch(plugin, "sleep:60000");
    let ended = tokio::time::timeout(timeout, call).await;
    ended.unwrap_or_else(|_| Err(Error::cancelled("by us")))
}

impl Expected {
    fn problem_with(&self, response: &Result<Bytes>) -> Option<String> {
        let well = match (self, response) {
            (Self::Text(text), Ok(response)) => response == text,
            (Self::Size(size), Ok(response)) => response.len() == *size,
            (Self::Code(code), Err(error)) => error.code() == *code,
            _ => false,
        };
        let shown = || match response {
            Ok(response) => format!("a response of {} bytes", response.len()),
            Err(error) => format!("{:?}: {error}", error.code()),
        };
        (!well).then(shown)
    }
}
