//! `{"output": …}` around a JSON body, while it streams.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};

const OPENING: &[u8] = b"{\"output\":";
const CLOSING: &[u8] = b"}";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Wraps the JSON of `body`; an empty body, or one of blanks alone, stays empty.
///
/// The closing brace is sent only when `body` ended well: a body that breaks off never becomes complete JSON. A byte
/// order mark, which would be no JSON inside the envelope, is taken off.
pub struct Envelope<B> {
    body: B,
    state: State,
    ready: VecDeque<Bytes>,
}

enum State {
    /// Nothing but blanks so far; holds what may be the beginning of a byte order mark.
    Before(Vec<u8>),
    Inside,
    After,
}

impl<B> Envelope<B> {
    /// Wraps `body`.
    pub fn new(body: B) -> Self {
        Self {
            body,
            state: State::Before(Vec::new()),
            ready: VecDeque::new(),
        }
    }

    fn take(&mut self, data: Bytes) {
        let State::Before(held) = &mut self.state else {
            self.ready.push_back(data);
            return;
        };
        let data = if held.is_empty() {
            data
        } else {
            held.extend_from_slice(&data);
            std::mem::take(held).into()
        };
        if data.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(&data) {
            *held = data.to_vec();
            return;
        }
        let text = data
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(&data)
            .trim_ascii_start();
        if !text.is_empty() {
            let text = data.slice_ref(text);
            self.open(text);
        }
    }

    fn open(&mut self, text: Bytes) {
        self.state = State::Inside;
        self.ready.extend([Bytes::from_static(OPENING), text]);
    }

    fn end(&mut self) {
        match std::mem::replace(&mut self.state, State::After) {
            State::Before(held) if held.is_empty() => {}
            State::Before(held) => self.ready.extend([
                Bytes::from_static(OPENING),
                held.into(),
                Bytes::from_static(CLOSING),
            ]),
            State::Inside => self.ready.push_back(Bytes::from_static(CLOSING)),
            State::After => {}
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Envelope<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        loop {
            if let Some(data) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            if matches!(self.state, State::After) {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.take(data);
                    }
                }
                Some(Err(error)) => {
                    self.state = State::After;
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.end(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::{BodyExt, StreamBody};
    use proptest::prelude::*;

    use super::*;

    /// Pieces of the wrapped body, and whether it ended well.
    fn wrapped(pieces: Vec<Result<Vec<u8>, &'static str>>) -> (Vec<u8>, bool) {
        let frames = pieces
            .into_iter()
            .map(|piece| piece.map(|data| Frame::data(Bytes::from(data))));
        let mut body = Envelope::new(StreamBody::new(stream::iter(frames)));
        let mut sent = Vec::new();
        let read = async {
            while let Some(frame) = body.frame().await {
                match frame.map(Frame::into_data) {
                    Ok(data) => sent.extend_from_slice(&data.unwrap_or_default()),
                    Err(_) => return false,
                }
            }
            true
        };
        let is_whole = futures_util::FutureExt::now_or_never(read).unwrap_or(false);
        (sent, is_whole)
    }

    #[test]
    fn json_is_wrapped_and_emptiness_stays() {
        let cases: [(&[&[u8]], &[u8]); 9] = [
            (&[b"{}"], b"{\"output\":{}}"),
            (&[b"{\"a\"", b":1}"], b"{\"output\":{\"a\":1}}"),
            (&[b"null"], b"{\"output\":null}"),
            (&[], b""),
            (&[b""], b""),
            (&[b" \r\n", b"\t"], b""),
            (&[b"\xef\xbb\xbf[]"], b"{\"output\":[]}"),
            (&[b"\xef", b"\xbb", b"\xbf 1"], b"{\"output\":1}"),
            (&[b"\xef\xbb\xbf", b" "], b""),
        ];
        for (pieces, expected) in cases {
            let pieces: Vec<_> = pieces.iter().map(|piece| Ok(piece.to_vec())).collect();
            assert_eq!(
                wrapped(pieces.clone()),
                (expected.to_vec(), true),
                "{pieces:?}"
            );
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_never_closed() {
        let (sent, is_whole) = wrapped(vec![Ok(b"{}".to_vec()), Err("broken")]);
        assert_eq!((sent.as_slice(), is_whole), (&b"{\"output\":{}"[..], false));
        assert!(serde_json::from_slice::<serde_json::Value>(&sent).is_err());
        assert_eq!(wrapped(vec![Err("broken")]), (Vec::new(), false));
    }

    proptest! {
        #[test]
        fn any_json_in_any_pieces_stays_the_same(text in "[a-z\"\\\\{}é]{0,20}", cuts in proptest::collection::vec(1_usize..7, 0..9), mark in any::<bool>()) {
            let value = serde_json::json!({"text": text, "list": [1, null, true]});
            let mut bytes = if mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
            bytes.extend_from_slice(value.to_string().as_bytes());
            let mut pieces = Vec::new();
            for cut in cuts {
                let rest = bytes.split_off(cut.min(bytes.len()));
                pieces.push(Ok(std::mem::replace(&mut bytes, rest)));
            }
            pieces.push(Ok(bytes));
            let (sent, is_whole) = wrapped(pieces);
            prop_assert!(is_whole);
            let sent: serde_json::Value = serde_json::from_slice(&sent).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(sent, serde_json::json!({"output": value}));
        }
    }
}
