//! A client's TCP connection with what the protocol libraries lack.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A TCP connection that ends when its client stops reading: the WebSocket library waits for such
/// a peer for ever. It holds its place among the connections until it is closed, also after an
/// upgrade, so that a stop can wait for all of them.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    write_stall: Duration,
    stalled: Pin<Box<Sleep>>,
    waiting: bool,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    /// `write_stall` is how long the client may take nothing of what is sent to it; `cut` ends
    /// the connection whatever it is doing.
    pub(super) fn new(
        stream: TcpStream,
        write_stall: Duration,
        place: OwnedSemaphorePermit,
        cut: CancellationToken,
    ) -> Self {
        metrics::gauge!("chat_connections").increment(1.0);
        let stalled = Box::pin(tokio::time::sleep(write_stall));
        let cut = Box::pin(cut.cancelled_owned());
        Self {
            stream,
            write_stall,
            stalled,
            waiting: false,
            cut,
            _place: place,
        }
    }

    /// Whether the connection must end; else its task is woken when it must.
    fn is_cut(&mut self, context: &mut Context<'_>) -> bool {
        self.cut.as_mut().poll(context).is_ready()
    }

    /// Lets a write through, or ends it when none has succeeded for too long.
    fn watch<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if self.is_cut(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if written.is_ready() {
            self.waiting = false;
            return written;
        }
        if !self.waiting {
            self.waiting = true;
            let end = Instant::now() + self.write_stall;
            self.stalled.as_mut().reset(end);
        }
        ready!(self.stalled.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client stopped reading",
        )))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        metrics::gauge!("chat_connections").decrement(1.0);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_cut(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
