//! Where the host connects.

mod tcp;
mod unix;

use std::io;

use tokio::net::TcpListener;

use super::environment::Place;
use crate::stream::Stream;

/// How the names of the folders begin that are made for sockets.
pub(crate) const FOLDER_PREFIX: &str = "cvt-plugin-";

/// A listener, which leaves nothing behind when it is dropped.
pub(crate) enum Listener {
    Unix(unix::Socket),
    Tcp(TcpListener),
}

impl Listener {
    /// Listens where the host wants it. The error is for the operator.
    pub(crate) fn bind(place: &Place) -> Result<Self, String> {
        match place {
            Place::Unix { dir, group } => {
                unix::Socket::bind(dir.as_deref(), group.as_deref()).map(Self::Unix)
            }
            Place::Tcp { ports } => tcp::bind(ports.clone()).map(Self::Tcp),
        }
    }

    /// The network and the address in it, as the handshake line has them.
    pub(crate) fn address(&self) -> Result<(&'static str, String), String> {
        match self {
            Self::Unix(socket) => Ok(("unix", socket.address()?)),
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => Ok(("tcp", address.to_string())),
                Err(error) => Err(format!("cannot tell where it listens: {error}")),
            },
        }
    }

    /// Waits for a connection.
    pub(crate) async fn accept(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Unix(socket) => Box::new(socket.accept().await?),
            Self::Tcp(listener) => Box::new(tcp::accept(listener).await?),
        })
    }
}
