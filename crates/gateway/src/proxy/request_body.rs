//! The caller's body on its way up: small ones are kept for a second try, large ones are streamed.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep, timeout_at};

use super::error::ProxyError;
use super::limits::ProxyLimits;

/// A request body, as far as it was looked at.
pub(super) enum RequestBody {
    /// Kept whole: can be sent any number of times.
    Kept(Bytes),
    /// To be streamed, once.
    Streamed(Option<Upload>),
}

impl RequestBody {
    /// Reads `body` up to the size that is kept.
    pub(super) async fn read(mut body: Body, limits: &ProxyLimits) -> Result<Self, ProxyError> {
        let hint = HttpBody::size_hint(&body);
        if hint.lower() > limits.request_bytes {
            return Err(ProxyError::BodyTooLarge {
                limit_bytes: limits.request_bytes,
            });
        }
        let end = Instant::now() + limits.kept_body_timeout;
        let mut kept = VecDeque::new();
        let mut kept_bytes = 0;
        let is_large =
            usize::try_from(hint.lower()).map_or(true, |bytes| bytes > limits.replay_bytes);
        while !is_large && kept_bytes <= limits.replay_bytes {
            let next = end.min(Instant::now() + limits.idle_timeout);
            let next = timeout_at(next, body.frame()).await;
            let Some(frame) = next.map_err(|_| ProxyError::BodyIncomplete)? else {
                return Ok(Self::Kept(concat(&kept, kept_bytes)));
            };
            // Trailers end here: they could smuggle headers past the filter.
            if let Ok(data) = frame.map_err(|_| ProxyError::BodyIncomplete)?.into_data() {
                kept_bytes += data.len();
                if kept_bytes as u64 > limits.request_bytes {
                    return Err(ProxyError::BodyTooLarge {
                        limit_bytes: limits.request_bytes,
                    });
                }
                kept.push_back(data);
            }
        }
        Ok(Self::Streamed(Some(Upload::new(
            kept,
            body,
            hint.exact(),
            limits,
        ))))
    }

    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Kept(bytes) if bytes.is_empty())
    }

    /// Whether the body can be sent (again).
    pub(super) fn can_be_sent(&self) -> bool {
        !matches!(self, Self::Streamed(None))
    }

    /// The body to send, and where its sending can be watched. A streamed body is empty the second time: ask
    /// [`Self::can_be_sent`] before.
    pub(super) fn take(&mut self) -> (Body, Arc<UploadState>) {
        match self {
            Self::Kept(bytes) => (Body::from(bytes.clone()), Arc::default()),
            Self::Streamed(upload) => match upload.take() {
                Some(upload) => {
                    let state = Arc::clone(&upload.state);
                    (Body::new(upload), state)
                }
                None => (Body::empty(), Arc::default()),
            },
        }
    }
}

fn concat(pieces: &VecDeque<Bytes>, total: usize) -> Bytes {
    let mut whole = BytesMut::with_capacity(total);
    for piece in pieces {
        whole.extend_from_slice(piece);
    }
    whole.freeze()
}

/// What became of an upload so far, shared with the one who waits for the answer.
#[derive(Default)]
pub(super) struct UploadState(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    moved_at: Option<Instant>,
    failure: Option<UploadFailure>,
}

/// Why an upload ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum UploadFailure {
    #[error("the request body is larger than allowed")]
    TooLarge,
    #[error("the request body did not arrive completely")]
    Incomplete,
}

impl UploadState {
    /// When the last piece was handed on.
    pub(super) fn moved_at(&self) -> Option<Instant> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .moved_at
    }

    /// Why the upload ended, if it failed on the caller's side.
    pub(super) fn failure(&self) -> Option<UploadFailure> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .failure
    }

    fn moved(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .moved_at = Some(Instant::now());
    }

    fn failed(&self, failure: UploadFailure) -> UploadFailure {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .failure = Some(failure);
        failure
    }
}

/// A streamed body that counts, and gives up on a caller who stands still.
pub(super) struct Upload {
    kept: VecDeque<Bytes>,
    rest: Body,
    /// Length the caller declared: it becomes the request's `Content-Length`.
    declared: Option<u64>,
    sent: u64,
    limits: ProxyLimits,
    idle: Option<Pin<Box<Sleep>>>,
    /// When all of it must be there.
    end: Instant,
    state: Arc<UploadState>,
}

impl Upload {
    fn new(kept: VecDeque<Bytes>, rest: Body, declared: Option<u64>, limits: &ProxyLimits) -> Self {
        Self {
            kept,
            rest,
            declared,
            sent: 0,
            limits: *limits,
            idle: None,
            end: Instant::now() + limits.upload_timeout,
            state: Arc::default(),
        }
    }

    fn hand_on(&mut self, data: Bytes) -> Result<Frame<Bytes>, UploadFailure> {
        self.idle = None;
        self.sent = self.sent.saturating_add(data.len() as u64);
        if self.sent > self.limits.request_bytes {
            return Err(self.state.failed(UploadFailure::TooLarge));
        }
        self.state.moved();
        Ok(Frame::data(data))
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = UploadFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadFailure>>> {
        if let Some(data) = self.kept.pop_front() {
            return Poll::Ready(Some(self.hand_on(data)));
        }
        loop {
            match Pin::new(&mut self.rest).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(self.hand_on(data)));
                    }
                }
                Poll::Ready(Some(Err(_))) => {
                    return Poll::Ready(Some(Err(self.state.failed(UploadFailure::Incomplete))));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => break,
            }
        }
        let limit = self.end.min(Instant::now() + self.limits.idle_timeout);
        let idle = self
            .idle
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(limit)));
        ready!(idle.as_mut().poll(context));
        Poll::Ready(Some(Err(self.state.failed(UploadFailure::Incomplete))))
    }

    fn size_hint(&self) -> SizeHint {
        self.declared.map_or_else(SizeHint::default, |bytes| {
            SizeHint::with_exact(bytes.saturating_sub(self.sent))
        })
    }
}
