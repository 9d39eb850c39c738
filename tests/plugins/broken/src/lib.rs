//! A plugin without the SDK, which is as it should be but for one [`Fault`]: the one that the
//! variable `BROKEN` names.

mod ending;
mod fault;
mod grpc;
mod handlers;
mod handshake;
mod log;
mod plugin;
mod socket;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::protocol::{MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::UnixStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use fault::Fault;
use plugin::Plugin;
use socket::Socket;

/// How long calls in flight have at the end.
const GRACE: Duration = Duration::from_secs(1);

/// Is a plugin, until it ends.
pub async fn run() -> ExitCode {
    let fault = match Fault::of_the_environment() {
        Ok(fault) => fault,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    if !is_started_by_a_host(fault) {
        let why = "This is a plugin for CVT, though for its tests only.";
        if fault == Fault::ExplainsOnStdout {
            println!("{why}");
        }
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    match serve(fault).await {
        Ok(()) if fault == Fault::FailsAtTheEnd => ExitCode::from(3),
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn is_started_by_a_host(fault: Fault) -> bool {
    let cookie = std::env::var(MAGIC_COOKIE_KEY);
    match fault {
        Fault::IgnoresCookie => true,
        Fault::TakesAnyCookie => cookie.is_ok(),
        _ => cookie.is_ok_and(|value| value == MAGIC_COOKIE_VALUE),
    }
}

async fn serve(fault: Fault) -> Result<(), BoxError> {
    let socket = Socket::bind(fault)?;
    let plugin = Arc::new(Plugin::new(fault));
    ending::at_signals(&plugin)?;
    ending::at_the_hosts_death(&plugin);
    handshake::print(fault, socket.path()).await?;
    log::info(fault, "ready");
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = socket.accept() => {
                connections.spawn(connection(accepted?, plugin.clone()));
            }
            () = plugin.ended() => break,
        }
    }
    let grace = match fault {
        Fault::DropsCalls => Duration::ZERO,
        Fault::WaitsForStreams => Duration::MAX,
        _ => GRACE,
    };
    // Calls that take longer are dropped.
    let _ = timeout(grace, connections.join_all()).await;
    Ok(())
}

async fn connection(stream: UnixStream, plugin: Arc<Plugin>) {
    let handler = plugin.clone();
    let service = service_fn(move |request| grpc::call(handler.clone(), request));
    let connection =
        http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = plugin.ended() => connection.as_mut().graceful_shutdown(),
    }
    // How a connection ends, the host knows.
    let _ = connection.await;
}
