//! The plugin whose code blocks the threads it runs on, for the stress test of the interop module:
//! `WORD:NUMBER` as a schema id says how.
//!
//! With `STUCK_AT_START_MS`, its constructor spawns a task that blocks for as long.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use cvtplugin::prelude::*;

struct Stuck;

#[cvt_plugin(name = "stuck", version = "0.1.0")]
impl Stuck {
    async fn new() -> Result<Self> {
        if let Ok(text) = std::env::var("STUCK_AT_START_MS") {
            let duration = milliseconds(&text)?;
            tokio::spawn(async move { thread::sleep(duration) });
        }
        Ok(Self)
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let id = request.schema_id;
        let spec = match id.split_once(':').unwrap_or((&id, "")) {
            ("block", text) => {
                thread::sleep(milliseconds(text)?);
                "blocked".into()
            }
            ("sleep", text) => {
                tokio::time::sleep(milliseconds(text)?).await;
                "slept".into()
            }
            ("spawn", text) => {
                let duration = milliseconds(text)?;
                tokio::spawn(async move { thread::sleep(duration) });
                "spawned".into()
            }
            // Comes back from the pool of threads that may block.
            ("pool", text) => {
                let duration = milliseconds(text)?;
                let blocked = tokio::task::spawn_blocking(move || thread::sleep(duration)).await;
                blocked.internal("the blocking pool")?;
                "back".into()
            }
            ("spin", rounds) => spin(rounds.parse().invalid_argument("rounds")?),
            _ => format!("echoed: {id}"),
        };
        Ok(FetchSchemaResponse::new(spec).resolved_version("1.0.0"))
    }

    /// Blocks for the milliseconds that the schema id says: it may, being no `async fn`.
    fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        thread::sleep(milliseconds(&usage.schema_id)?);
        Ok(())
    }
}

fn milliseconds(text: &str) -> Result<Duration> {
    let number = text.parse().invalid_argument("milliseconds")?;
    Ok(Duration::from_millis(number))
}

/// Uses the CPU for so many rounds.
fn spin(rounds: u64) -> String {
    let last = (0..rounds).fold(0, |state: u64, round| {
        black_box(state.wrapping_mul(31).wrapping_add(round))
    });
    last.to_string()
}
