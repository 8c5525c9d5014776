//! `api-version`: where it comes from and which are served.

use axum::http::{HeaderMap, Method, header};

use super::errors::{ApiError, vss};
use super::query::Query;

/// Newest released version.
const RELEASED: (u32, u32) = (7, 1);
/// Newest preview.
const NEWEST: (u32, u32) = (7, 2);

/// The version a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiVersion {
    /// As the caller wrote it, echoed in the content type.
    pub(crate) text: String,
    pub(crate) is_preview: bool,
}

impl ApiVersion {
    /// # Errors
    /// 400 when missing on a write, unreadable, too new, or released where only a preview exists.
    pub(crate) fn of(
        method: &Method,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Self, ApiError> {
        let given = query
            .get("api-version")
            .map(str::to_owned)
            .or_else(|| from_accept(headers));
        let Some(text) = given else {
            if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
                return Ok(Self {
                    text: "7.1".to_owned(),
                    is_preview: false,
                });
            }
            let text = format!(
                "No api-version was supplied for the \"{method}\" request. The version must be supplied either as part of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query parameter (e.g. \"?api-version=1.0\")."
            );
            return Err(vss(400, "VssVersionNotSpecifiedException", text));
        };
        let number = number(&text).ok_or_else(|| out_of_range(&text))?;
        let is_preview = text.contains("-preview");
        if number > NEWEST {
            return Err(out_of_range(&text));
        }
        if number > RELEASED && !is_preview {
            return Err(preview_needed(&text));
        }
        Ok(Self { text, is_preview })
    }

    /// # Errors
    /// 400 unless the preview flag is there; for resources that were never released.
    pub(crate) fn need_preview(&self) -> Result<(), ApiError> {
        if self.is_preview {
            Ok(())
        } else {
            Err(preview_needed(&self.text))
        }
    }
}

/// The version in `Accept: application/json;api-version=7.1`.
fn from_accept(headers: &HeaderMap) -> Option<String> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
    let parts = accept.split([';', ',']).map(str::trim);
    parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
        .map(|(_, value)| value.trim().to_owned())
}

fn number(text: &str) -> Option<(u32, u32)> {
    let (number, flag) = text
        .split_once('-')
        .map_or((text, None), |(number, flag)| (number, Some(flag)));
    if !flag.is_none_or(is_preview_flag) {
        return None;
    }
    let (major, minor) = number.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn is_preview_flag(flag: &str) -> bool {
    flag.strip_prefix("preview").is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('.')
                .is_some_and(|number| number.parse::<u32>().is_ok())
    })
}

fn out_of_range(text: &str) -> ApiError {
    vss(
        400,
        "VssVersionOutOfRangeException",
        format!(
            "The requested REST API version of {text} is out of range for this server. The latest REST API version this server supports is 7.2."
        ),
    )
}

fn preview_needed(text: &str) -> ApiError {
    vss(
        400,
        "VssInvalidPreviewVersionException",
        format!(
            "The requested version \"{text}\" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: \"{text}-preview\""
        ),
    )
}
