//! The life of a plugin process, from launch to exit.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::AsFd as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Runtime};

use super::Server;
use super::connection::serve_connections;
use super::session::Session;
use super::shutdown::Shutdown;
use crate::handshake_line::HandshakeLine;
use crate::logging::{self, LogSink};
use crate::process::{
    self, Connections, Environment, EnvironmentError, HandshakeOutput, HostProcess, Listener,
    Output, Pump, Signals, StandardStreams, StartError,
};
use crate::redaction::Redactor;
use crate::tls::Tls;
use crate::{PROTOCOL_VERSION, standalone};

/// How long the end of the process waits for a host that has yet to read the log.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// How long the author's `Drop` may take, at the very end.
const DROP_BUDGET: Duration = Duration::from_millis(150);

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

    /// Serves what `make` returns. To a host that launched this process, a panic there is a reason
    /// why it cannot be served.
    pub(super) fn serve_made_by(make: impl FnOnce() -> Self) -> ExitCode {
        match StartError::catch(|| Ok(make())) {
            Ok(server) => server.serve(),
            Err(error) => match Environment::read(|name| std::env::var_os(name)) {
                // The panic has been reported on stderr.
                Err(EnvironmentError::NotLaunched) => ExitCode::FAILURE,
                _ => give_up(&error),
            },
        }
    }

    fn serve_for(self, host: HostProcess) -> ExitCode {
        process::unblock();
        let environment = match Environment::read(|name| std::env::var_os(name)) {
            Ok(environment) => environment,
            Err(EnvironmentError::NotLaunched) => return standalone::run(&self.description()),
            Err(EnvironmentError::Invalid(invalid)) => return give_up(&invalid.into()),
        };
        // Signals first: from here on none ends the process that should not.
        let taken_over = StartError::catch(|| {
            let protocol = Protocol::start()?;
            let streams = StandardStreams::take_over().map_err(StartError::Streams)?;
            Ok((protocol, streams))
        });
        match taken_over {
            Ok((protocol, streams)) => self.serve_with(host, &environment, protocol, streams),
            Err(error) => give_up(&error),
        }
    }

    fn serve_with(
        mut self,
        host: HostProcess,
        environment: &Environment,
        protocol: Protocol,
        streams: StandardStreams,
    ) -> ExitCode {
        let redactor = Redactor::default();
        let stdout = HandshakeOutput::new(streams.real_stdout);
        let output = Arc::new(Output::default());
        let mut pump = None;
        let watched = streams.real_stderr.try_clone();
        let mut sink = LogSink::new(self.info.name(), streams.real_stderr, redactor.clone());
        let started = StartError::catch(|| {
            logging::init(&mut sink, self.subscriber.take());
            logging::record_panics(sink.clone());
            stdout.report_aborts();
            for warning in &environment.warnings {
                tracing::warn!("{warning}");
            }
            let (printed, errors) = (streams.printed_stdout, streams.printed_stderr);
            let started = Pump::start(printed, errors, output.clone(), sink.clone());
            let purpose = "that reads what is printed";
            pump = Some(started.map_err(|error| StartError::Thread { purpose, error })?);
            let shutdown = Shutdown::default();
            let (on_death, connections) = (shutdown.clone(), Connections::default());
            let stderr = watched.map_err(StartError::Streams)?;
            let streams = [stdout.as_fd(), stderr.as_fd()];
            let purpose = "that watches the host";
            host.watch(streams, connections.clone(), move || on_death.request())
                .map_err(|error| StartError::Thread { purpose, error })?;
            let served = Served::start(
                self,
                protocol,
                environment,
                shutdown,
                connections,
                output,
                redactor,
            )?;
            stdout.announce(&served.handshake_line(environment)?)?;
            served.listener.sweep();
            Ok(served)
        });
        let code = match started {
            Ok(served) => {
                served.run();
                ExitCode::SUCCESS
            }
            Err(error) => {
                stdout.report(&error, &mut sink);
                ExitCode::FAILURE
            }
        };
        if let Some(pump) = pump {
            pump.finish();
        }
        sink.flush(LAST_WORDS);
        code
    }
}

/// The thread that serves, which never runs the author's code.
struct Protocol {
    runtime: Runtime,
    signals: Signals,
}

impl Protocol {
    fn start() -> Result<Self, StartError> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::Runtime)?;
        let entered = runtime.enter();
        let signals = Signals::listen().map_err(StartError::Signals)?;
        drop(entered);
        Ok(Self { runtime, signals })
    }
}

/// All that a served plugin needs, so that nothing can fail once the host knows where to connect.
struct Served {
    protocol: Protocol,
    handlers: Runtime,
    tls: Tls,
    listener: Listener,
    connections: Connections,
    session: Session,
}

impl Served {
    fn start(
        server: Server,
        protocol: Protocol,
        environment: &Environment,
        shutdown: Shutdown,
        connections: Connections,
        output: Arc<Output>,
        redactor: Redactor,
    ) -> Result<Self, StartError> {
        let tls = Tls::from_client_cert(environment.client_certificate.as_deref())?;
        let handlers = server.runtime.build().map_err(StartError::Runtime)?;
        let session = Session::new(server, handlers.handle(), shutdown, output, redactor);
        let session = protocol.runtime.block_on(session)?;
        let entered = protocol.runtime.enter();
        let listener = Listener::bind(&environment.listen_addr)?;
        drop(entered);
        Ok(Self {
            protocol,
            handlers,
            tls,
            listener,
            connections,
            session,
        })
    }

    fn handshake_line(&self, environment: &Environment) -> Result<HandshakeLine, StartError> {
        let (network, address) = self.listener.address()?;
        Ok(HandshakeLine {
            app_version: PROTOCOL_VERSION,
            network: network.into(),
            address,
            certificate: self.tls.certificate(),
            multiplexing: environment.asks_for_multiplexing.then_some(false),
        })
    }

    /// Serves on this thread, until the end.
    fn run(self) {
        let Self {
            protocol: Protocol { runtime, signals },
            handlers,
            tls,
            listener,
            connections,
            session,
        } = self;
        let (router, shutdown) = (session.router.clone(), session.shutdown.clone());
        runtime.block_on(async {
            tokio::select! {
                () = serve_connections(&listener, tls.into(), router, shutdown, connections) => {}
                () = end(signals, &session) => {}
            }
        });
        drop(listener);
        // Handlers that block their threads must not hold up the end.
        handlers.shutdown_background();
        // Nor must the author's `Drop`, which runs with the last of these.
        process::within(DROP_BUDGET, move || drop((runtime, session)));
    }
}

/// Serves the plugin until its end. The same signal once more ends it at once.
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
        () = session.wind_up() => {}
        signal = again => tracing::warn!("ending at once on another {signal}"),
    }
}

/// Says why there will be no handshake, on streams that are still the real ones.
fn give_up(error: &StartError) -> ExitCode {
    error.report(&mut io::stdout(), &mut io::stderr());
    ExitCode::FAILURE
}
