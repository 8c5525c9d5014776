//! The proxy itself: one request of a caller, one answer of the provider, both streamed.

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as HttpBody;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use paragon_wire::header::USE_RAW_RESPONSE;
use url::Url;

use crate::json_input;
use paragon_azure_devops::content_type::{OCTETS, automatic_content_type};
use paragon_azure_devops::locations::{GatewayUrls, Locations};
use paragon_azure_devops::{HostTable, Organization, UpstreamTarget, route};

use super::authorizer::Authorizer;
use super::egress::EgressClient;
use super::envelope::Envelope;
use super::error::ProxyError;
use super::exchange::Exchange;
use super::headers::{is_json, request_headers, response_headers};
use super::limits::ProxyLimits;
use super::request_body::RequestBody;
use super::response_body::Download;

/// Everything a proxied request needs beside itself.
#[derive(Clone, Copy)]
pub struct ProxyContext<'a> {
    /// Where the provider's hosts are.
    pub hosts: &'a HostTable,
    /// Organization of the credential.
    pub organization: &'a Organization,
    /// The proxy's prefix on the gateway: `{gateway}/projects/{p}/sdk/proxy/azuredevops`.
    pub public_base: &'a Url,
    /// Client that sends the request.
    pub client: &'a EgressClient,
    /// The credential.
    pub authorizer: &'a dyn Authorizer,
    /// Limits.
    pub limits: &'a ProxyLimits,
}

/// Forwards `request` to where `path_and_query` leads.
///
/// `path_and_query` is what stands behind the proxy's prefix, undecoded (see [`super::path_behind`]); the request's own
/// URI is not looked at. The answer's body streams; if the provider breaks off, it ends with an error.
///
/// # Errors
/// [`ProxyError`]; answers of the provider are `Ok` whatever their status, except refusals of the credential.
pub async fn forward(
    context: &ProxyContext<'_>,
    path_and_query: &str,
    request: Request<Body>,
) -> Result<Response<Body>, ProxyError> {
    let target = route(context.hosts, context.organization, path_and_query)?;
    let (caller, body) = request.into_parts();
    check_method(&caller.method)?;
    let body = RequestBody::read(body, context.limits).await?;
    let automatic = if body.is_empty() {
        None
    } else {
        Some(automatic_content_type(&caller.method, &target.path))
    };
    let mut headers = request_headers(&caller.headers, automatic);
    if automatic == Some(OCTETS) {
        // A file of a form brings its own type, such as `image/png`, which the operation refuses.
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(OCTETS));
    }
    let exchange = Exchange {
        context,
        target: &target,
        method: caller.method.clone(),
        headers,
        body,
    };
    let answer = exchange.run().await?;
    let answering = Answering {
        context,
        target: &target,
        method: caller.method,
        is_raw: caller.headers.contains_key(USE_RAW_RESPONSE),
    };
    answering.answer(answer).await
}

fn check_method(method: &Method) -> Result<(), ProxyError> {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => Ok(()),
        _ => Err(ProxyError::Method {
            method: method.as_str().chars().take(20).collect(),
        }),
    }
}

/// Turns the provider's answer into the caller's.
struct Answering<'a> {
    context: &'a ProxyContext<'a>,
    target: &'a UpstreamTarget,
    method: Method,
    is_raw: bool,
}

impl Answering<'_> {
    async fn answer(&self, answer: Response<Incoming>) -> Result<Response<Body>, ProxyError> {
        let (parts, body) = answer.into_parts();
        let urls = self.urls();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = parts.status;
        *response.headers_mut() = response_headers(&parts.headers, |url| urls.gateway_url(url));
        if self.has_no_body(parts.status) {
            self.describe_absent_body(&parts.headers, &mut response);
            return Ok(response);
        }
        let is_wrapped = self.is_wrapped(&parts) && body.size_hint().exact() != Some(0);
        let asked = Locations::asked_by(&self.target.path);
        *response.body_mut() = if let Some(asked) = asked.filter(|_| parts.status.is_success()) {
            // The body changes, so the provider's tag for it would be wrong.
            response.headers_mut().remove(ETAG);
            let locations = self.rewritten(&asked, &parts.headers, body).await?;
            if is_wrapped {
                Body::new(Envelope::new(Body::from(locations)))
            } else {
                Body::from(locations)
            }
        } else {
            let download = Download::new(body, self.context.limits.idle_timeout);
            if is_wrapped {
                Body::new(Envelope::new(download))
            } else {
                Body::new(download)
            }
        };
        Ok(response)
    }

    /// Without a known length the server would write `content-length: 0`, which is not the length a GET would have.
    fn describe_absent_body(&self, provider: &HeaderMap, response: &mut Response<Body>) {
        if self.method != Method::HEAD {
            return;
        }
        *response.body_mut() =
            Body::from_stream(futures_util::stream::empty::<Result<Bytes, std::io::Error>>());
        if self.is_raw
            && let Some(length) = provider.get(CONTENT_LENGTH)
        {
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, length.clone());
        }
    }

    fn urls(&self) -> GatewayUrls<'_> {
        let ProxyContext {
            hosts,
            organization,
            public_base,
            ..
        } = *self.context;
        GatewayUrls {
            hosts,
            organization,
            public_base,
        }
    }

    fn has_no_body(&self, status: StatusCode) -> bool {
        let never = matches!(
            status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        );
        self.method == Method::HEAD || never
    }

    /// Successful JSON is wrapped. A part of a body is not, nor bytes that only look like JSON once decoded.
    fn is_wrapped(&self, parts: &Parts) -> bool {
        let kind = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let is_part = parts.status == StatusCode::PARTIAL_CONTENT;
        !self.is_raw
            && parts.status.is_success()
            && !is_part
            && is_json(kind)
            && is_utf8(kind)
            && !is_encoded(&parts.headers)
    }

    async fn rewritten(
        &self,
        asked: &Locations,
        headers: &HeaderMap,
        body: Incoming,
    ) -> Result<Bytes, ProxyError> {
        let limits = self.context.limits;
        let download = Download::new(body, limits.idle_timeout);
        let read = Limited::new(download, limits.rewritten_bytes)
            .collect()
            .await;
        let body = read
            .map_err(|_| ProxyError::ProviderAnswerUnreadable)?
            .to_bytes();
        if body.is_empty() {
            return Ok(body);
        }
        if is_encoded(headers) {
            return Err(ProxyError::ProviderAnswerUnreadable);
        }
        let unreadable = |_| ProxyError::ProviderAnswerUnreadable;
        let mut locations = json_input::from_slice(&body).map_err(unreadable)?;
        self.urls().rewrite_locations(asked, &mut locations);
        Ok(serde_json::to_vec(&locations).map_err(unreadable)?.into())
    }
}

fn is_utf8(content_type: &str) -> bool {
    let parameters = content_type
        .split(';')
        .skip(1)
        .map(|parameter| parameter.trim().to_ascii_lowercase());
    let mut charsets =
        parameters.filter_map(|parameter| parameter.strip_prefix("charset=").map(str::to_owned));
    charsets.all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let encodings = headers.get_all(CONTENT_ENCODING);
    encodings
        .iter()
        .map(HeaderValue::as_bytes)
        .any(|encoding| !encoding.eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests;
