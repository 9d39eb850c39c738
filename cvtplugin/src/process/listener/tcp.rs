//! A port of this machine's own address, for systems without unix sockets.
//!
//! Any user of the machine can connect to it. What keeps them out is AutoMTLS.

use std::io;
use std::net::{self, Ipv4Addr};
use std::ops::RangeInclusive;

use tokio::net::{TcpListener, TcpStream};

/// Listens on the first of `ports` that is free.
pub(super) fn bind(ports: RangeInclusive<u16>) -> Result<TcpListener, String> {
    let (first, last) = (*ports.start(), *ports.end());
    let mut bound = Err(io::ErrorKind::AddrNotAvailable.into());
    for port in ports {
        bound = net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if bound.is_ok() {
            break;
        }
    }
    bound.and_then(into_tokio).map_err(|error| {
        format!(
            "cannot listen on any port of 127.0.0.1 from {first} to {last} (PLUGIN_MIN_PORT, \
             PLUGIN_MAX_PORT): {error}"
        )
    })
}

fn into_tokio(listener: net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

pub(super) async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    // Answers are small and awaited.
    stream.set_nodelay(true)?;
    Ok(stream)
}
