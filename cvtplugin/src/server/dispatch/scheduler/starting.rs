//! Makes the two runtimes and the leader, beside whatever else the start has to do.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Handle, Runtime};

use super::engine::{Engine, EngineError};
use super::leader;
use super::shared::Shared;
use super::thread_hook::ThreadHook;
use crate::RuntimeOptions;

/// How long the author's runtime may take to start. It takes less than a millisecond, or for ever:
/// a multi-thread runtime that gets one of its threads and not the next panics, and before that is
/// caught it waits for the end of the one that it got. So it is built on the leader's thread, which
/// may be left behind.
const START_TIMEOUT: Duration = Duration::from_secs(1);

/// An [`Engine`] whose author's runtime is being built, on the leader's thread.
///
/// A start waits for threads more than for anything else, and has other things to do meanwhile.
pub(crate) struct StartingEngine {
    protocol: Runtime,
    author: Receiver<Result<Runtime, EngineError>>,
    lead: SyncSender<Arc<Shared>>,
    cpu_limit: Option<usize>,
    hook: ThreadHook,
}

impl StartingEngine {
    /// Begins to make all that a plugin needs for its whole life. Does `besides` too, within the
    /// protocol's runtime.
    pub(crate) fn begin(
        options: &RuntimeOptions,
        hook: ThreadHook,
        besides: impl FnOnce() + Send + 'static,
    ) -> Result<Self, EngineError> {
        let protocol = build(runtime::Builder::new_current_thread().enable_all())?;
        let (built, author) = mpsc::sync_channel(1);
        let (lead, shared) = mpsc::sync_channel::<Arc<Shared>>(1);
        let (builder, author_hook) = (options.builder(), hook.clone());
        let handle = protocol.handle().clone();
        thread::Builder::new()
            .name("cvtplugin-leader".into())
            .spawn(move || {
                let author = author_runtime(builder, author_hook);
                let entered = handle.enter();
                besides();
                drop(entered);
                let _ = built.send(author);
                if let Ok(shared) = shared.recv() {
                    let _hook = shared.hook.enter();
                    leader::lead(&shared);
                }
            })
            .map_err(EngineError::Thread)?;
        Ok(Self {
            protocol,
            author,
            lead,
            cpu_limit: options.workers(),
            hook,
        })
    }

    /// The runtime of the connections.
    pub(crate) fn protocol(&self) -> &Handle {
        self.protocol.handle()
    }

    /// Waits until all is made.
    pub(crate) fn finish(self) -> Result<Engine, EngineError> {
        let author = self.author.recv_timeout(START_TIMEOUT);
        let author = author.unwrap_or(Err(EngineError::TooFewThreads))?;
        let handle = author.handle().clone();
        let shared = Arc::new(Shared::new(
            self.protocol,
            handle,
            self.cpu_limit,
            self.hook,
        ));
        // Its receiver waits for this, and for nothing else.
        let _ = self.lead.send(shared.clone());
        Ok(Engine { shared, author })
    }
}

/// The runtime of what the author spawns, and of the timers and connections of their handlers.
fn author_runtime(mut builder: runtime::Builder, hook: ThreadHook) -> Result<Runtime, EngineError> {
    thread_local! {
        static HOOK: std::cell::RefCell<Option<Box<dyn Any>>> = const { std::cell::RefCell::new(None) };
    }
    builder
        .on_thread_start(move || HOOK.set(hook.enter()))
        .on_thread_stop(|| drop(HOOK.take()));
    build(&mut builder)
}

/// Builds a runtime, which panics where there are too few threads or descriptors.
fn build(builder: &mut runtime::Builder) -> Result<Runtime, EngineError> {
    match catch_unwind(AssertUnwindSafe(|| builder.build())) {
        Ok(runtime) => runtime.map_err(EngineError::Runtime),
        Err(payload) => {
            let message = payload
                .downcast::<String>()
                .map_or_else(|_| "it panicked".to_owned(), |message| *message);
            Err(EngineError::Panicked(message))
        }
    }
}

#[cfg(any(feature = "testing", cvtplugin_fuzzing))]
impl Engine {
    /// Makes all that a plugin needs for its whole life: nothing that must exist is made later.
    pub(crate) fn start(options: &RuntimeOptions, hook: ThreadHook) -> Result<Self, EngineError> {
        StartingEngine::begin(options, hook, || {})?.finish()
    }
}
