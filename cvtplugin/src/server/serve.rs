//! The life of a plugin process, from launch to exit.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Server;
use super::dispatch::scheduler::{Engine, ThreadHook};
use super::session::Session;
use super::start_error::StartError;
use crate::handshake_line::HandshakeLine;
use crate::logging::{self, LogSink};
use crate::process::{
    self, Environment, EnvironmentError, HostProcess, Listener, Output, Pump, Signals,
    StandardStreams,
};
use crate::protocol::PROTOCOL_VERSION;
use crate::redaction::Redactor;
use crate::standalone;
use crate::tls::Security;

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
    pub fn serve(self) -> ExitCode {
        let host = HostProcess::current();
        if tokio::runtime::Handle::try_current().is_err() {
            return self.serve_for(host);
        }
        // A thread that runs a runtime cannot run another. A panic has been recorded.
        let served = thread::spawn(move || self.serve_for(host)).join();
        served.unwrap_or(ExitCode::FAILURE)
    }

    fn serve_for(self, host: HostProcess) -> ExitCode {
        let environment = match Environment::read(|name| std::env::var_os(name)) {
            Ok(environment) => environment,
            Err(EnvironmentError::NotLaunched) => return standalone::run(&self.description()),
            Err(EnvironmentError::Invalid(why)) => {
                let why = StartError::Environment(why);
                return give_up(&why, &mut io::stdout(), &mut io::stderr());
            }
        };
        match StandardStreams::take_over() {
            Ok(streams) => self.serve_with(host, &environment, streams),
            Err(error) => give_up(
                &StartError::Streams(error),
                &mut io::stdout(),
                &mut io::stderr(),
            ),
        }
    }

    fn serve_with(
        mut self,
        host: HostProcess,
        environment: &Environment,
        streams: StandardStreams,
    ) -> ExitCode {
        let StandardStreams {
            mut real_stdout,
            real_stderr,
            printed_stdout,
            printed_stderr,
        } = streams;
        process::raise_limit();
        let redactor = Redactor::default();
        let mut sink = LogSink::new(self.info.name(), real_stderr, redactor.clone());
        logging::init(&mut sink, self.subscriber.take());
        logging::record_panics(sink.clone());
        for warning in &environment.warnings {
            tracing::warn!("{warning}");
        }
        let output = Arc::new(Output::default());
        let pump = Pump::start(printed_stdout, printed_stderr, output.clone(), sink.clone());
        let bound = match &pump {
            Ok(_) => {
                let bind = || Bound::bind(self, host, environment, output, redactor);
                let bound = catch_unwind(AssertUnwindSafe(bind));
                bound.unwrap_or(Err(StartError::Panicked))
            }
            Err(error) => Err(StartError::Thread(copy_of(error))),
        };
        let code = match bound.and_then(|bound| bound.announce(&mut real_stdout)) {
            Ok(bound) => bound.serve(),
            Err(why) => give_up(&why, &mut real_stdout, &mut sink),
        };
        if let Ok(pump) = pump {
            pump.finish();
        }
        sink.flush(FLUSH_TIMEOUT);
        code
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
        host: HostProcess,
        environment: &Environment,
        output: Arc<Output>,
        redactor: Redactor,
    ) -> Result<Self, StartError> {
        let engine = Engine::start(&server.runtime, ThreadHook::default());
        let engine = engine.map_err(StartError::Engine)?;
        let protocol = engine.protocol().clone();
        let entered = protocol.enter();
        let signals = Signals::listen().map_err(StartError::Signals)?;
        let certificate = environment.client_certificate.as_deref();
        let security = Security::with_host(certificate).map_err(StartError::Tls)?;
        let listener = Listener::bind(&environment.place).map_err(StartError::Listener)?;
        drop(entered);
        let (network, address) = listener.address().map_err(StartError::Listener)?;
        let handshake = HandshakeLine {
            app_version: PROTOCOL_VERSION,
            network: network.into(),
            address,
            certificate: security.certificate(),
            multiplexing: environment.asks_for_multiplexing.then_some(false),
        };
        let session = Session::new(server, &engine, security, output, redactor)?;
        let shutdown = session.shutdown().clone();
        host.watch(move || shutdown.request())
            .map_err(StartError::Thread)?;
        Ok(Self {
            engine,
            session,
            signals,
            listener,
            handshake,
        })
    }

    /// Says where to connect in one line on the real stdout.
    fn announce(self, stdout: &mut File) -> Result<Self, StartError> {
        process::require_spare(stdout).map_err(StartError::Descriptors)?;
        let line = format!("{}\n", self.handshake);
        let written = stdout.write_all(line.as_bytes());
        written.map_err(StartError::HandshakeLine)?;
        Ok(self)
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

/// The same error of the system.
fn copy_of(error: &io::Error) -> io::Error {
    let code = error.raw_os_error();
    code.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

/// Says why there will be no handshake: on stderr, and, since that is all that go-plugin shows
/// its user, as one line that is no handshake on stdout.
fn give_up(why: &StartError, stdout: &mut impl io::Write, stderr: &mut impl io::Write) -> ExitCode {
    let line = format!(
        "cvt plugin: {}\n",
        why.to_string().replace(['|', '\n'], " ")
    );
    for stream in [stdout as &mut dyn io::Write, stderr] {
        let _ = stream.write_all(line.as_bytes());
        let _ = stream.flush();
    }
    ExitCode::FAILURE
}
