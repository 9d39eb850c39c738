//! The least that a plugin can cost: what go-plugin and CVT ask for, on tonic and nothing else.
//! The benchmark measures echo beside it.
//!
//! `FLOOR_WORKERS=N` runs it on Tokio's multi-thread runtime with `N` workers, instead of on one
//! thread.

mod generated;
mod services;

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write as _};
use std::sync::Arc;

// Where the generated code looks for the messages.
pub(crate) use cvtplugin::pb;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::{Builder, Runtime};

use services::Services;

/// tonic's own default.
const WINDOW: u32 = 1024 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    runtime()?.block_on(serve())
}

fn runtime() -> Result<Runtime, Box<dyn Error>> {
    let mut builder = match std::env::var("FLOOR_WORKERS") {
        Err(_) => Builder::new_current_thread(),
        Ok(workers) => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(workers.parse()?);
            builder
        }
    };
    Ok(builder.enable_all().build()?)
}

/// Serves until a host that has asked for the end closes its connection.
async fn serve() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::Builder::new().prefix("cvt-plugin-").tempdir()?;
    let socket = directory.path().join("socket");
    let listener = UnixListener::bind(&socket)?;
    writeln!(io::stdout(), "1|1|unix|{}|grpc|", socket.display())?;
    let services = Arc::new(Services::new().await);
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                tokio::spawn(serve_connection(accepted?.0, services.clone()));
            }
            () = services.ended() => return Ok(()),
        }
    }
}

async fn serve_connection(stream: UnixStream, services: Arc<Services>) {
    let service = service_fn(|request| {
        let services = services.clone();
        async move { Ok::<_, Infallible>(services.respond(request).await) }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .serve_connection(TokioIo::new(stream), service);
    // A host may break its connection off: it is its to keep.
    let _ = connection.await;
    services.disconnected();
}
