//! The plugin that keeps a ledger, for tests to see what became of their calls: the beginning and
//! the end of every call and of every instance, a line each.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct LedgerConfig {
    /// The file that the ledger is in.
    #[config(example = "/tmp/ledger")]
    path: PathBuf,
    /// How long a call takes.
    #[config(default = "5ms")]
    pause: Duration,
}

struct Ledger {
    instance: u32,
    file: File,
    pause: Duration,
}

#[cvt_plugin(name = "ledger", version = "0.1.0")]
impl Ledger {
    fn new(config: LedgerConfig) -> Result<Self> {
        static INSTANCES: AtomicU32 = AtomicU32::new(0);
        let file = File::options().create(true).append(true).open(config.path);
        let ledger = Self {
            instance: INSTANCES.fetch_add(1, Ordering::Relaxed),
            file: file.internal("the ledger")?,
            pause: config.pause,
        };
        ledger.enter("new")?;
        Ok(ledger)
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        self.enter(&format!("begin {}", event.request_id))?;
        tokio::time::sleep(self.pause).await;
        self.enter(&format!("end {}", event.request_id))
    }

    async fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        panic!("the ledger was told to panic")
    }

    fn shutdown(&self) {
        self.enter("shutdown").expect("the ledger can be written");
    }

    /// In one piece, so that lines of several threads do not mix.
    fn enter(&self, what: &str) -> Result<()> {
        let line = format!("{} {what}\n", self.instance);
        (&self.file).write_all(line.as_bytes()).internal("writing")
    }
}
