//! A port of this machine's own address, for systems without unix sockets.
//!
//! Any user of the machine can connect to it. What keeps them out is AutoMTLS.

use std::io;
use std::net::{self, Ipv4Addr};
use std::ops::RangeInclusive;
use std::task::{Context, Poll, ready};

use tokio::net::{TcpListener, TcpStream};

use super::ListenError;

/// Listens on the first of `ports` that is free.
pub(super) fn bind(ports: RangeInclusive<u16>) -> Result<TcpListener, ListenError> {
    let (first, last) = (*ports.start(), *ports.end());
    let mut bound = Err(io::ErrorKind::AddrNotAvailable.into());
    for port in ports {
        bound = net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if bound.is_ok() {
            break;
        }
    }
    let bound = bound.and_then(into_tokio);
    bound.map_err(|error| ListenError::Ports { first, last, error })
}

fn into_tokio(listener: net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

pub(super) fn poll_accept(
    listener: &TcpListener,
    cx: &mut Context<'_>,
) -> Poll<io::Result<TcpStream>> {
    let (stream, _) = ready!(listener.poll_accept(cx))?;
    // Responses are small and awaited.
    stream.set_nodelay(true)?;
    Poll::Ready(Ok(stream))
}
