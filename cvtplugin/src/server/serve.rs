//! The life of a plugin process, from launch to exit.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
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
    self, Environment, EnvironmentError, HostProcess, Listener, Output, Pump, Signals,
    StandardStreams,
};
use crate::protocol::PROTOCOL_VERSION;
use crate::redaction::Redactor;
use crate::standalone;
use crate::tls::Security;

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

    fn serve_for(self, host: HostProcess) -> ExitCode {
        let environment = match Environment::read(|name| std::env::var_os(name)) {
            Ok(environment) => environment,
            Err(EnvironmentError::NotLaunched) => return standalone::run(&self.description()),
            Err(EnvironmentError::Invalid(why)) => {
                return give_up(&why, &mut io::stdout(), &mut io::stderr());
            }
        };
        match StandardStreams::take_over() {
            Ok(streams) => self.serve_with(host, &environment, streams),
            Err(error) => {
                let why = format!("cannot set up the standard streams: {error}");
                give_up(&why, &mut io::stdout(), &mut io::stderr())
            }
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
        let announced = match &pump {
            Ok(_) => Announced::announce(environment, &mut real_stdout),
            Err(error) => Err(format!("cannot start a thread: {error}")),
        };
        let code = match announced {
            Ok(announced) => self.serve_host(host, announced, output, redactor),
            Err(why) => give_up(&why, &mut real_stdout, &mut sink),
        };
        if let Ok(pump) = pump {
            pump.finish();
        }
        sink.flush(LAST_WORDS);
        code
    }

    /// Serves the host that knows where to connect. From here on nothing goes to the real stdout.
    fn serve_host(
        self,
        host: HostProcess,
        announced: Announced,
        output: Arc<Output>,
        redactor: Redactor,
    ) -> ExitCode {
        match self.serve_announced(host, announced, output, redactor) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                tracing::error!("{why}");
                ExitCode::FAILURE
            }
        }
    }

    /// Serves on this thread, which never runs the author's code.
    fn serve_announced(
        self,
        host: HostProcess,
        announced: Announced,
        output: Arc<Output>,
        redactor: Redactor,
    ) -> Result<(), String> {
        let Announced {
            protocol,
            signals,
            security,
            listener,
        } = announced;
        let handlers = self
            .runtime
            .build()
            .map_err(|error| format!("cannot start the handlers' runtime: {error}"))?;
        let shutdown = Shutdown::default();
        let on_death = shutdown.clone();
        host.watch(move || on_death.request())
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        let session = Session::new(self, handlers.handle(), shutdown, output, redactor);
        let session = protocol.block_on(session)?;
        let (router, shutdown) = (session.router.clone(), session.shutdown.clone());
        protocol.block_on(async {
            tokio::select! {
                () = serve_connections(&listener, security.into(), router, shutdown) => {}
                () = end(signals, &session) => {}
            }
        });
        drop(listener);
        // Handlers that block their threads must not hold up the end.
        handlers.shutdown_background();
        // Nor must the author's `Drop`, which runs with the last of these.
        process::within(DROP_BUDGET, move || drop((protocol, session)));
        Ok(())
    }
}

/// What is there once the host knows where to connect.
struct Announced {
    protocol: Runtime,
    signals: Signals,
    security: Security,
    listener: Listener,
}

impl Announced {
    /// Listens, and says where in one line on the real stdout.
    fn announce(environment: &Environment, stdout: &mut File) -> Result<Self, String> {
        let protocol = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start a runtime: {error}"))?;
        let entered = protocol.enter();
        let signals =
            Signals::listen().map_err(|error| format!("cannot listen for signals: {error}"))?;
        let security = Security::with_host(environment.client_certificate.as_deref())?;
        let listener = Listener::bind(&environment.place)?;
        let (network, address) = listener.address()?;
        let line = HandshakeLine {
            app_version: PROTOCOL_VERSION,
            network: network.into(),
            address,
            certificate: security.certificate(),
            multiplexing: environment.asks_for_multiplexing.then_some(false),
        };
        stdout
            .write_all(format!("{line}\n").as_bytes())
            .map_err(|error| format!("cannot write the handshake line: {error}"))?;
        drop(entered);
        Ok(Self {
            protocol,
            signals,
            security,
            listener,
        })
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

/// Says why there will be no handshake: on stderr, and, since that is all that go-plugin shows
/// its user, as one line that is no handshake on stdout.
fn give_up(why: &str, stdout: &mut impl io::Write, stderr: &mut impl io::Write) -> ExitCode {
    let line = format!("cvt plugin: {}\n", why.replace(['|', '\n'], " "));
    for stream in [stdout as &mut dyn io::Write, stderr] {
        let _ = stream.write_all(line.as_bytes());
        let _ = stream.flush();
    }
    ExitCode::FAILURE
}
