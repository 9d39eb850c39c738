//! A connection, of whatever kind it is.

use tokio::io::{AsyncRead, AsyncWrite};

/// What is read and written.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection to the other side. HTTP/2 writes whole buffers: next to that, going through a
/// pointer costs nothing, and HTTP/2 is compiled once.
pub(crate) type Connection = Box<dyn Duplex>;
