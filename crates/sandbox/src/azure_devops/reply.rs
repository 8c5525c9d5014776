//! An answer before it becomes an HTTP response; bulk requests put several into one.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    /// Whether the version is echoed in the content type.
    pub(crate) echoes_version: bool,
}

/// The body of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// No body.
    Empty,
    /// JSON.
    Json(Value),
    /// Text with its content type.
    Text(&'static str, String),
    /// A file.
    Bytes(Bytes),
    /// So many bytes of filler, streamed.
    Filler(u64),
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            content: Content::Json(body),
            echoes_version: true,
        }
    }

    /// 200 with a JSON body.
    pub(crate) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// 200 with `{"count", "value"}`.
    pub(crate) fn list(values: Vec<Value>) -> Self {
        let count = json!(values.len());
        let body = [
            ("count".to_owned(), count),
            ("value".to_owned(), Value::Array(values)),
        ];
        Self::ok(body.into_iter().collect())
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            content: Content::Empty,
            echoes_version: false,
        }
    }

    pub(crate) fn text(status: StatusCode, text: String) -> Self {
        Self {
            content: Content::Text("text/plain; charset=utf-8", text),
            ..Self::empty(status)
        }
    }

    /// 200 with a file.
    pub(crate) fn bytes(bytes: Bytes) -> Self {
        Self {
            content: Content::Bytes(bytes),
            ..Self::empty(StatusCode::OK)
        }
    }

    /// Bytes that mean nothing, for measuring throughput.
    pub(crate) fn filler(bytes: u64) -> Self {
        Self {
            content: Content::Filler(bytes),
            ..Self::empty(StatusCode::OK)
        }
    }

    /// Without the version in the content type, as errors have it.
    #[must_use]
    pub(crate) fn unversioned(mut self) -> Self {
        self.echoes_version = false;
        self
    }

    /// With another header; values that are not header text are left out.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(HeaderName::from_static(name), value);
        }
        self
    }

    /// The HTTP response; `version` is echoed on success.
    pub(crate) fn into_http(self, version: &str) -> Response {
        let json_type = if self.echoes_version {
            format!("application/json; charset=utf-8; api-version={version}")
        } else {
            "application/json; charset=utf-8".to_owned()
        };
        let length = if let Content::Filler(bytes) = &self.content {
            Some(*bytes)
        } else {
            None
        };
        let (content_type, body) = match self.content {
            Content::Empty => (None, Body::empty()),
            Content::Json(value) => (Some(json_type), Body::from(value.to_string())),
            Content::Text(kind, text) => (Some(kind.to_owned()), Body::from(text)),
            Content::Bytes(bytes) => (
                Some("application/octet-stream".to_owned()),
                Body::from(bytes),
            ),
            Content::Filler(bytes) => (
                Some("application/octet-stream".to_owned()),
                filler_body(bytes),
            ),
        };
        let mut response = (self.status, self.headers, body).into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        if let Some(value) = content_type.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        if let Some(bytes) = length {
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
        }
        response
    }
}

const CHUNK: usize = 64 * 1024;

fn filler_body(bytes: u64) -> Body {
    let chunk = Bytes::from(vec![b'x'; CHUNK]);
    let stream = futures_util::stream::unfold(bytes, move |left| {
        let chunk = chunk.clone();
        async move {
            let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            (size > 0).then(|| (Ok::<_, Infallible>(chunk.slice(..size)), left - size as u64))
        }
    });
    Body::from_stream(stream)
}
