//! Reads little of a connection before all others have their turn.
//!
//! HTTP/2 reads for as long as there is something to read, and only then hands out the requests. A
//! peer that sends faster than that would fill the memory before anything of it is counted, and
//! keep other connections waiting.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::turn::Turn;

/// How many bytes are read in a turn: some hundred calls, or a part of a large one.
const MAX_READ: usize = 128 * 1024;

/// A stream that is read in turn with everything else.
pub(crate) struct FairReads<S> {
    stream: S,
    /// Bytes read since the last turn of the others.
    read: usize,
    turn: Option<Arc<Turn>>,
}

impl<S> FairReads<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            read: 0,
            turn: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FairReads<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read >= MAX_READ {
            let turn = self
                .turn
                .get_or_insert_with(|| Turn::begin(context.waker()));
            if !turn.is_over() {
                return Poll::Pending;
            }
            self.turn = None;
            self.read = 0;
        }
        let before = buf.filled().len();
        let Poll::Ready(result) = Pin::new(&mut self.stream).poll_read(context, buf) else {
            // Others have their turn now.
            self.read = 0;
            return Poll::Pending;
        };
        self.read += buf.filled().len() - before;
        Poll::Ready(result)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FairReads<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test]
    async fn everything_is_read_and_others_have_their_turn_meanwhile() {
        const TURNS: usize = 4;
        let (near, mut far) = duplex(2 * TURNS * MAX_READ);
        let sent = vec![1; TURNS * MAX_READ];
        far.write_all(&sent).await.expect("there is room");
        drop(far);
        let mut stream = FairReads::new(near);
        let mut data = Vec::new();
        let mut turns = 0;
        let others = async {
            loop {
                turns += 1;
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            read = stream.read_to_end(&mut data) => drop(read.expect("the end")),
            () = others => {}
        }
        assert_eq!(data, sent);
        assert!(turns >= TURNS - 1, "{turns} turns of the others");
    }
}
