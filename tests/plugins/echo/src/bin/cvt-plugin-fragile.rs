//! The plugin that breaks where it is told to: in the hook that `FRAGILE` names, or in what the
//! schema id of an event says. With `FRAGILE` as `print in new`, it prints there.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(Default)]
struct Fragile {
    stopped: AtomicU32,
}

#[cvt_plugin(name = "fragile", version = "0.1.0")]
impl Fragile {
    async fn new() -> Result<Self> {
        break_in("new");
        if broken() == "print in new" {
            print_at_start().internal("printing")?;
        }
        Ok(Self::default())
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        match event.schema_id.as_str() {
            "task" => drop(tokio::spawn(async { panic!("broken in a task") })),
            "thread" => drop(std::thread::spawn(|| panic!("broken in a thread"))),
            "no text" => std::panic::panic_any(7),
            "printing" => print_garbage().internal("printing")?,
            _ => {}
        }
        Ok(())
    }

    /// Works for as long as somebody waits for it.
    fn on_breaking_change_detected(
        &self,
        ctx: Context,
        _: BreakingChangeDetectedRequest,
    ) -> Result<()> {
        tracing::info!("somebody waits");
        while !ctx.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let number = self.stopped.fetch_add(1, Ordering::Relaxed);
        tracing::info!(number, "nobody waits any more");
        Err(Error::deadline_exceeded("stopped"))
    }

    async fn health(&self) -> Health {
        break_in("health");
        Health::Serving
    }

    async fn shutdown(&self) {
        break_in("shutdown");
        match broken().as_str() {
            "shutdown for ever" => std::future::pending().await,
            "shutdown and its thread" => std::thread::sleep(Duration::from_secs(3600)),
            _ => {}
        }
    }
}

fn broken() -> String {
    std::env::var("FRAGILE").unwrap_or_default()
}

fn break_in(hook: &str) {
    assert!(broken() != hook, "broken in {hook}");
}

/// What looks like a handshake line, by this process and by a child.
fn print_at_start() -> std::io::Result<()> {
    println!("1|1|unix|/nowhere|grpc");
    let child = std::process::Command::new("echo").arg("made").status()?;
    child
        .success()
        .then_some(())
        .ok_or(std::io::ErrorKind::Other.into())
}

/// What is not text, and what would be another line or another colour to a careless reader.
fn print_garbage() -> std::io::Result<()> {
    let garbage = b"\xff\xfe\0\x1b[31m\r{\"@level\": \xc3\x28\n";
    std::io::stdout().write_all(garbage)?;
    std::io::stdout().flush()?;
    std::io::stderr().write_all(garbage)
}
