//! Where the host connects.

mod error;
mod tcp;
mod unix;

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use tokio::net::TcpListener;

pub(crate) use error::ListenError;
#[cfg(feature = "host")]
pub(crate) use unix::is_own_directory;

use super::descriptors;
use super::environment::ListenAddr;
use crate::connection::Connection;

/// A listener, which leaves nothing behind when it is dropped.
pub(crate) enum Listener {
    Unix(unix::Socket),
    Tcp(TcpListener),
}

impl Listener {
    /// Listens where the host wants it.
    ///
    /// # Errors
    ///
    /// If it cannot, or if the host could not be told of the address.
    pub(crate) fn bind(listen_addr: &ListenAddr) -> Result<Self, ListenError> {
        match listen_addr {
            ListenAddr::Unix { directory, group } => {
                unix::Socket::bind(directory, group.as_deref()).map(Self::Unix)
            }
            ListenAddr::Tcp { ports } => tcp::bind(ports.clone()).map(Self::Tcp),
        }
    }

    /// The network and the address in it, as the handshake line has them.
    pub(crate) fn address(&self) -> Result<(&'static str, String), ListenError> {
        match self {
            Self::Unix(socket) => Ok(("unix", socket.address().to_owned())),
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => Ok(("tcp", address.to_string())),
                Err(error) => Err(ListenError::Address(error)),
            },
        }
    }

    /// Whether every user of the machine can connect.
    pub(crate) fn is_open_to_all(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    /// Removes what plugins of this user left behind that were killed. May take its time: on a
    /// thread of its own, which a start can do without.
    pub(crate) fn sweep(&self) {
        if let Self::Unix(socket) = self {
            socket.sweep();
        }
    }

    /// Waits for a connection.
    pub(crate) async fn accept(&self) -> io::Result<Connection> {
        match poll_fn(|cx| self.poll_accept(cx)).await {
            Err(error) if descriptors::ran_out(&error) => {
                poll_fn(|cx| descriptors::beyond_soft_limit(|| self.poll_accept(cx))).await
            }
            accepted => accepted,
        }
    }

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Connection>> {
        match self {
            Self::Unix(socket) => socket
                .poll_accept(cx)
                .map_ok(|stream| Box::new(stream) as Connection),
            Self::Tcp(listener) => {
                tcp::poll_accept(listener, cx).map_ok(|stream| Box::new(stream) as Connection)
            }
        }
    }
}
