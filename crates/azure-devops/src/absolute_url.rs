//! Absolute URLs cut in pieces by hand: a URL library would change bytes and so hide what was written.

use super::hosts::default_port;
use super::path_guard::split_query;

/// An absolute URL cut in pieces, without changing one of them.
pub(super) struct AbsoluteUrl<'a> {
    /// In lower case.
    pub(super) scheme: String,
    pub(super) authority: &'a str,
    /// Empty, or beginning with `/`.
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

impl<'a> AbsoluteUrl<'a> {
    pub(crate) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (before_query, query) = split_query(rest);
        let (authority, path) = before_query
            .find('/')
            .map_or((before_query, ""), |slash| before_query.split_at(slash));
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            authority,
            path,
            query,
        })
    }

    /// Host in lower case and port, the scheme's default when absent.
    pub(crate) fn host_and_port(&self) -> Option<(String, u16)> {
        let (host, port) = match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let digits = port.bytes().all(|byte| byte.is_ascii_digit());
                (host, port.parse().ok().filter(|_| digits)?)
            }
            _ => (self.authority, default_port(&self.scheme)?),
        };
        Some((host.to_ascii_lowercase(), port))
    }
}

/// What follows `prefix` in `path`, if `prefix` ends at a segment's end.
pub(crate) fn strip_path_prefix<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}
