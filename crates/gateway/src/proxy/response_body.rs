//! The provider's body on its way down.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

/// Why a body broke off. The caller sees a broken connection, never a body that looks complete.
#[derive(Debug, thiserror::Error)]
pub(super) enum DownloadError {
    /// The connection to the provider broke.
    #[error("the provider's response ended early")]
    Broken(#[source] hyper::Error),
    /// The provider stood still.
    #[error("the provider's response stalled")]
    Idle,
}

/// A streamed body that gives up on a provider who stands still.
///
/// Time runs only while the caller waits: a slow caller is no fault of the provider's.
pub(super) struct Download {
    body: Incoming,
    idle_timeout: Duration,
    idle: Option<Pin<Box<Sleep>>>,
}

impl Download {
    pub(super) fn new(body: Incoming, idle_timeout: Duration) -> Self {
        Self {
            body,
            idle_timeout,
            idle: None,
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = DownloadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DownloadError>>> {
        loop {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    self.idle = None;
                    return Poll::Ready(Some(Ok(frame)));
                }
                // Trailers end here, as they would pass the header filter by.
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Some(Err(DownloadError::Broken(error))));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => break,
            }
        }
        let limit = self.idle_timeout;
        let idle = self
            .idle
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(idle.as_mut().poll(context));
        Poll::Ready(Some(Err(DownloadError::Idle)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
