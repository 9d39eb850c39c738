//! How a plugin is launched, and who gets what comes out of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::logging::LogRecord;
use crate::std_stream::StdStream;

pub(super) type LogCallback = Arc<dyn Fn(LogRecord) + Send + Sync>;
pub(super) type LineCallback = Arc<dyn Fn(&[u8]) + Send + Sync>;
pub(super) type OutputCallback = Arc<dyn Fn(StdStream, &[u8]) + Send + Sync>;

pub(super) struct Options {
    pub(super) binary: PathBuf,
    pub(super) environment: Vec<(OsString, Option<OsString>)>,
    pub(super) config: BTreeMap<String, SecretString>,
    pub(super) auto_mtls: bool,
    pub(super) start_timeout: Duration,
    pub(super) call_timeout: Duration,
    pub(super) on_log: LogCallback,
    pub(super) on_stderr_line: LineCallback,
    pub(super) on_output: OutputCallback,
}
