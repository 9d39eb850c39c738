//! Short ways to say what many tests say.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use cvtplugin::prelude::*;
use cvtplugin::{ConfigValues, TypedConfig};
use tracing_subscriber::fmt::MakeWriter;

/// The config that these values make.
pub(crate) fn config<C: PluginConfig>(pairs: &[(&str, &str)]) -> Result<C> {
    C::from_values(&pairs.iter().copied().collect::<ConfigValues>())
}

/// Why there is no such config.
pub(crate) fn failure<C: PluginConfig>(pairs: &[(&str, &str)]) -> Error {
    match config::<C>(pairs) {
        Ok(_) => panic!("there is a config of {pairs:?}"),
        Err(error) => error,
    }
}

/// Why a key is refused.
pub(crate) fn refusal<C: PluginConfig>(key: &str, value: &str) -> String {
    match TypedConfig::<C>::new().set(key, value) {
        Ok(_) => panic!("{value:?} is good enough for {key}"),
        Err(error) => {
            assert_eq!(error.code(), Code::InvalidArgument);
            error.message().to_owned()
        }
    }
}

/// What is logged meanwhile, on this thread.
pub(crate) fn logged(run: impl FnOnce()) -> String {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, run);
    let bytes = log.0.lock().expect("no test panicked").clone();
    String::from_utf8(bytes).expect("a log is text")
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
