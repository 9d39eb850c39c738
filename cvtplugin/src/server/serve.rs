//! The life of a plugin process, from launch to exit.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Server;
use super::dispatch::scheduler::{Engine, StartingEngine, ThreadHook};
use super::session::Session;
use super::start_error::StartError;
use crate::handshake_line::HandshakeLine;
use crate::logging::{self, LogSink};
use crate::process::{
    self, Environment, EnvironmentError, HandshakeOutput, HostProcess, IgnoredSignals, Listener,
    Output, Pump, Signals, StandardStreams, explain,
};
use crate::protocol::PROTOCOL_VERSION;
use crate::redaction::Redactor;
use crate::runtime_options::RuntimeOptions;
use crate::standalone;
use crate::tls::Tls;

/// How long the end of the process waits for a host that has yet to read the log.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// How long the author's `Drop` may take, at the very end.
const DROP_TIMEOUT: Duration = Duration::from_millis(150);

impl Server {
    /// Serves the host that launched this process, until the host ends it: see
    /// [`serve`](crate::serve).
    ///
    /// Blocks its thread. From within a Tokio runtime, which must then have other threads for
    /// what it runs, it serves on a thread of its own.
    #[must_use = "it is the exit code of the process: return it from `main`"]
    pub fn serve(self) -> ExitCode {
        let host = HostProcess::current();
        if tokio::runtime::Handle::try_current().is_err() {
            return self.serve_for(host);
        }
        // A thread that runs a runtime cannot run another. A panic has been recorded.
        let served = thread::spawn(move || self.serve_for(host)).join();
        served.unwrap_or(ExitCode::FAILURE)
    }

    /// Serves what `make` returns. To a host that launched this process, a panic there is a reason
    /// why it cannot be served.
    pub(super) fn serve_made_by(make: impl FnOnce() -> Self) -> ExitCode {
        let environment = Environment::read(|name| std::env::var_os(name));
        let is_launched = !matches!(environment, Err(EnvironmentError::NotLaunched));
        if is_launched {
            process::explain_early_aborts();
        }
        match StartError::catch(|| Ok(make())) {
            Ok(server) => server.serve(),
            Err(error) if is_launched => give_up(&error),
            // The panic is on stderr.
            Err(_) => ExitCode::FAILURE,
        }
    }

    fn serve_for(self, host: HostProcess) -> ExitCode {
        process::unblock_signals();
        let environment = match Environment::read(|name| std::env::var_os(name)) {
            Ok(environment) => environment,
            Err(EnvironmentError::NotLaunched) => return standalone::run(&self.description()),
            Err(EnvironmentError::Invalid(invalid)) => {
                return give_up(&StartError::Environment(invalid));
            }
        };
        process::explain_early_aborts();
        let base = StartError::catch(|| Base::build(&self.runtime));
        match base {
            Ok(base) => self.serve_on(base, host, &environment),
            Err(error) => give_up(&error),
        }
    }

    fn serve_on(mut self, base: Base, host: HostProcess, environment: &Environment) -> ExitCode {
        let Base {
            engine,
            signals,
            streams,
        } = base;
        let stdout = HandshakeOutput::new(streams.real_stdout);
        let stderr = streams.real_stderr.try_clone();
        let mut sink = LogSink::new(self.info.name(), streams.real_stderr, Redactor::default());
        let output = Arc::new(Output::default());
        let (mut pump, mut layers) = (None, None);
        let bound = StartError::catch(|| {
            layers = logging::init(&mut sink, self.subscriber.take(), self.layers.take());
            logging::record_panics(sink.clone());
            stdout.explain_aborts();
            for warning in &environment.warnings {
                tracing::warn!("{warning}");
            }
            let (printed, errors) = (streams.printed_stdout, streams.printed_stderr);
            let started = Pump::start(printed, errors, output.clone(), sink.clone());
            pump = Some(started.map_err(StartError::Thread)?);
            process::pass_on_last_words();
            let stderr = stderr.map_err(StartError::Streams)?;
            let bound = Bound::bind(self, engine, signals, environment, output, &sink)?;
            bound.watch(host, [stdout.as_fd(), stderr.as_fd()])?;
            process::require_spare(stdout.as_fd()).map_err(StartError::Descriptors)?;
            let announced = stdout.announce(&bound.handshake);
            announced.map_err(StartError::HandshakeLine)?;
            Ok(bound)
        });
        let code = match bound {
            Ok(bound) => {
                if let Some(layers) = layers {
                    layers.add(bound.engine.author());
                }
                bound.serve()
            }
            Err(why) => {
                explain(&why, &mut &stdout, &mut sink);
                ExitCode::FAILURE
            }
        };
        if let Some(pump) = pump {
            pump.finish();
        }
        sink.flush(FLUSH_TIMEOUT);
        code
    }
}

/// What comes first. From here on SIGTERM leaves nothing behind, and nothing that is printed
/// reaches the host's side of stdout.
struct Base {
    engine: StartingEngine,
    signals: Signals,
    streams: StandardStreams,
}

impl Base {
    fn build(options: &RuntimeOptions) -> Result<Self, StartError> {
        let ignored = IgnoredSignals::read();
        let survive = move || process::survive_signals(ignored);
        let engine = StartingEngine::begin(options, ThreadHook::default(), survive);
        let engine = engine.map_err(StartError::Engine)?;
        let entered = engine.protocol().enter();
        let signals = Signals::listen(ignored).map_err(StartError::Signals)?;
        drop(entered);
        let streams = StandardStreams::take_over().map_err(StartError::Streams)?;
        Ok(Self {
            engine,
            signals,
            streams,
        })
    }
}

/// A plugin that has everything that it needs for its life, so that nothing can fail once the host
/// knows where to connect.
struct Bound {
    engine: Engine,
    session: Session,
    signals: Signals,
    listener: Listener,
    handshake: HandshakeLine,
}

impl Bound {
    fn bind(
        server: Server,
        engine: StartingEngine,
        signals: Signals,
        environment: &Environment,
        output: Arc<Output>,
        log: &LogSink,
    ) -> Result<Self, StartError> {
        let certificate = environment.client_certificate.as_deref();
        let tls = Tls::from_client_cert(certificate).map_err(StartError::Tls)?;
        let entered = engine.protocol().enter();
        let listener = Listener::bind(&environment.listen_addr).map_err(StartError::Listener)?;
        drop(entered);
        if listener.is_open_to_all() && !tls.is_on() {
            tracing::warn!(
                "any user of this machine can call this plugin, which listens on TCP: expected a \
                 host with AutoMTLS, or unix sockets"
            );
        }
        let (network, address) = listener.address().map_err(StartError::Listener)?;
        let handshake = HandshakeLine {
            app_version: PROTOCOL_VERSION,
            network: network.into(),
            address,
            certificate: tls.certificate(),
            multiplexing: environment.asks_for_multiplexing.then_some(false),
        };
        tracing::debug!(
            address = %handshake.address,
            rpcs = ?server.description().rpc_names(),
            "serving"
        );
        let engine = engine.finish().map_err(StartError::Engine)?;
        let file_error = log.file_error().map(ToOwned::to_owned);
        let redactor = log.redactor().clone();
        let session = Session::new(server, &engine, tls, output, redactor, file_error)?;
        Ok(Self {
            engine,
            session,
            signals,
            listener,
            handshake,
        })
    }

    /// Ends with the host, which has the other ends of these streams.
    fn watch(&self, host: HostProcess, streams: [BorrowedFd<'_>; 2]) -> Result<(), StartError> {
        let shutdown = self.session.shutdown().clone();
        let count = self.session.connections.count.clone();
        host.watch(streams, count, move || shutdown.request())
            .map_err(StartError::Thread)
    }

    /// Serves the host that knows where to connect. From here on nothing goes to the real stdout.
    fn serve(self) -> ExitCode {
        let Self {
            engine,
            session,
            signals,
            listener,
            ..
        } = self;
        listener.sweep();
        let served = engine.run(async move {
            tokio::select! {
                () = session.connections.accept_from(&listener) => {}
                () = end(signals, &session) => {}
            }
            session
        });
        let code = match &served {
            Ok(_) => ExitCode::SUCCESS,
            Err(why) => {
                tracing::error!("{why}");
                ExitCode::FAILURE
            }
        };
        // Neither handlers that block their threads must hold up the end, nor the author's `Drop`.
        process::within(DROP_TIMEOUT, move || {
            drop(served);
            engine.end();
        });
        code
    }
}

/// Waits for the end and shuts the plugin down. The same signal once more ends it at once.
async fn end(mut signals: Signals, session: &Session) {
    let mut seen = BTreeSet::new();
    tokio::select! {
        () = session.start() => {}
        signal = signals.end() => drop(seen.insert(signal)),
    }
    let again = async {
        loop {
            let signal = signals.end().await;
            // The first of a kind means no more than the host's `Shutdown`, which may have come
            // already: some signal the whole group, and some send SIGHUP after SIGTERM.
            if !seen.insert(signal) {
                return signal;
            }
        }
    };
    tokio::select! {
        () = session.shut_down() => {}
        signal = again => tracing::warn!("ending at once on another {signal}"),
    }
}

/// Says why there will be no handshake, on streams that are still the real ones.
fn give_up(why: &StartError) -> ExitCode {
    explain(why, &mut io::stdout(), &mut io::stderr());
    ExitCode::FAILURE
}
