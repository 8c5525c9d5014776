//! Request bodies that are read whole: as large and as slow as they may be.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body as HttpBody;
use http_body_util::BodyExt as _;
use paragon_wire::ErrorCode;
use tokio::time::{Instant, timeout_at};

use crate::error::{ApiError, ApiResult};

/// How long is waited for a body.
#[derive(Debug, Clone, Copy)]
pub struct BodyPatience {
    /// For the next piece.
    pub idle: Duration,
    /// For all of it.
    pub total: Duration,
}

impl Default for BodyPatience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(10),
            total: Duration::from_mins(1),
        }
    }
}

/// Reads a body of `most` bytes.
///
/// # Errors
/// `BodyTooLarge`; `BodyIncomplete` where it breaks off, stands still or takes too long.
pub async fn read_body<B>(mut body: B, most: usize, patience: BodyPatience) -> ApiResult<Bytes>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let too_large = || {
        let message = format!("the request body is larger than {most} bytes");
        ApiError::new(ErrorCode::BodyTooLarge, message)
    };
    let end = Instant::now() + patience.total;
    let mut whole = BytesMut::new();
    loop {
        let next = end.min(Instant::now() + patience.idle);
        let frame = timeout_at(next, body.frame()).await;
        let Some(frame) = frame.map_err(|_| incomplete())? else {
            return Ok(whole.freeze());
        };
        let frame = frame.map_err(|error| incomplete().with_detail(error))?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > most {
                return Err(too_large());
            }
            whole.extend_from_slice(&data);
        }
    }
}

fn incomplete() -> ApiError {
    let message = "the request body did not arrive completely in time: send its full declared length without long pauses";
    ApiError::new(ErrorCode::BodyIncomplete, message)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream::{self, StreamExt as _};
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;

    const PATIENCE: BodyPatience = BodyPatience {
        idle: Duration::from_millis(200),
        total: Duration::from_millis(400),
    };

    #[expect(clippy::unnecessary_wraps, reason = "an item of a body's stream")]
    fn piece(text: &'static str) -> Result<Frame<Bytes>, Infallible> {
        Ok(Frame::data(Bytes::from_static(text.as_bytes())))
    }

    async fn code(pieces: impl stream::Stream<Item = Result<Frame<Bytes>, Infallible>>) -> String {
        let body = StreamBody::new(Box::pin(pieces));
        let read = read_body(body, 10, PATIENCE);
        let read = tokio::time::timeout(Duration::from_secs(20), read).await;
        match read.expect("an end") {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => error.code.as_str().to_owned(),
        }
    }

    #[tokio::test]
    async fn a_body_is_bounded_in_length_pauses_and_time() {
        assert_eq!(
            code(stream::iter([piece("12345"), piece("67890")])).await,
            "1234567890"
        );
        assert_eq!(
            code(stream::iter([piece("12345"), piece("678901")])).await,
            "body_too_large"
        );
        let silent = stream::iter([piece("1")]).chain(stream::pending());
        assert_eq!(code(silent).await, "body_incomplete");
        // Never still for long, and never whole.
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((piece(""), ()))
        });
        assert_eq!(code(drip).await, "body_incomplete");
    }
}
