//! Where a caller's path leads: pure, and the only place that decides it.
//!
//! The rules are tried in order. They cannot be mixed up, since no project name may begin with `_` or hold `/` or `:`.
//!
//! | | path | leads to |
//! |---|---|---|
//! | R1 | `https://…` | the same URL, if the host is in the table and the organisation is the credential's |
//! | R2 | `/_hosts/{alias}/{organization}/…` | that host |
//! | R3 | `/_apis/…` | `dev`, organisation level |
//! | R4 | `/{project}/_apis/…`, `/{project}/{team}/_apis/…` | `dev`, project level |
//! | R5 | `/_…` | refused: a web page |
//! | R6 | anything else | `dev`, below `/_apis` |
//! | R7 | nothing | `dev`, `/_apis` |

use http::Uri;

use super::hosts::{HostBase, Scope, default_port};
use super::path_guard::{begins_with_underscore, check, check_slashes, split_query};
use super::{Alias, HostTable, Organization};

/// First segment of a path that names its host by alias.
pub const HOSTS_SEGMENT: &str = "_hosts";
const APIS_SEGMENT: &str = "_apis";

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamTarget {
    /// Absolute URI; path and query are the caller's bytes.
    pub uri: Uri,
    /// Host it is on.
    pub alias: Alias,
    /// The provider's own path behind the organisation, without query: `/{project}/_apis/wit/wiql`.
    pub path: String,
    /// Whether the credential goes with it (public pages get none).
    pub needs_credential: bool,
}

/// Why a path is refused. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutingError {
    /// A control character, raw or escaped.
    #[error("the path holds a control character; escape it in the query or leave it out")]
    ControlCharacter,
    /// A raw `\`.
    #[error("the path holds a backslash; write `/` between segments and `%5C` inside one")]
    Backslash,
    /// A raw `#`.
    #[error("the path holds `#`; fragments are not sent, write `%23` inside a segment or value")]
    Fragment,
    /// Characters outside ASCII.
    #[error("the path holds characters outside ASCII; escape them as UTF-8 (`%C3%A9`)")]
    NotAscii,
    /// `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error(
        "the path holds an escape that is not UTF-8; write `%` as `%25` and other bytes as escaped UTF-8"
    )]
    BadEncoding,
    /// `.` or `..`, in any disguise.
    #[error("the path holds a `.` or `..` segment; write the path without it")]
    DotSegment,
    /// `%2F` where the path's target is decided.
    #[error("one of the first three segments holds an escaped `/`; only later segments may")]
    EncodedSlash,
    /// `//…`.
    #[error("the path begins with `//`; it must begin with one `/` and a name")]
    EmptySegment,
    /// Bytes that cannot stand in a request line.
    #[error("the path cannot be sent as it is; escape blanks, quotes and angle brackets")]
    Malformed,
    /// An absolute URL with another scheme.
    #[error("an absolute URL must begin with `{expected}://`")]
    Scheme {
        /// The scheme of the table's hosts.
        expected: String,
    },
    /// `user@host`.
    #[error("an absolute URL must not hold a user name or password")]
    UserInfo,
    /// A host or port that is not in the table.
    #[error(
        "host `{host}` is not one of the integration's hosts; use a relative path such as `/projects`"
    )]
    Host {
        /// Host as the caller wrote it, shortened.
        host: String,
    },
    /// An alias that is not in the table.
    #[error("`_hosts/{alias}` is unknown; known are {known}")]
    UnknownAlias {
        /// Alias as the caller wrote it, shortened.
        alias: String,
        /// The aliases there are.
        known: String,
    },
    /// Another organisation, or none.
    #[error(
        "the credential is for organisation `{expected}`; the path must name it or leave the organisation out"
    )]
    OtherOrganization {
        /// The credential's organisation.
        expected: String,
    },
    /// A path that a host without organisations does not open.
    #[error("on host `{alias}` only paths below {allowed} are open")]
    ClosedPath {
        /// Alias of the host.
        alias: &'static str,
        /// What is open.
        allowed: String,
    },
    /// `/_git/…` and the like.
    #[error(
        "a path that begins with `_` is a web page; the REST API begins with `/_apis` or `/{{project}}/_apis`"
    )]
    WebPage,
}

/// Finds where `path_and_query` leads for a credential of `organization`.
///
/// `path_and_query` is what stands behind the proxy's own prefix, as it came on the wire: not decoded, not normalised.
/// A leading `/` may be missing.
///
/// # Errors
/// [`RoutingError`]; then nothing may be sent.
pub fn route(
    hosts: &HostTable,
    organization: &Organization,
    path_and_query: &str,
) -> Result<UpstreamTarget, RoutingError> {
    check(path_and_query)?;
    let router = Router {
        hosts,
        organization,
    };
    let rooted = path_and_query.strip_prefix('/').unwrap_or(path_and_query);
    let (path, query) = split_query(rooted);
    let segments: Vec<&str> = path.split('/').take(4).collect();
    let first = segments.first().copied().unwrap_or_default();
    if first.contains(':') {
        return router.absolute(rooted);
    }
    check_slashes(path, 0)?;
    let is_apis = |index: usize| {
        segments
            .get(index)
            .is_some_and(|segment| segment.eq_ignore_ascii_case(APIS_SEGMENT))
    };
    if first == HOSTS_SEGMENT {
        router.by_alias(path, query)
    } else if is_apis(0) || (!first.is_empty() && (is_apis(1) || is_apis(2))) {
        router.in_organization(Alias::Dev, &format!("/{path}"), query)
    } else if path.is_empty() {
        router.in_organization(Alias::Dev, "/_apis", query)
    } else if first.is_empty() {
        Err(RoutingError::EmptySegment)
    } else if begins_with_underscore(first) {
        Err(RoutingError::WebPage)
    } else {
        router.in_organization(Alias::Dev, &format!("/_apis/{path}"), query)
    }
}

struct Router<'a> {
    hosts: &'a HostTable,
    organization: &'a Organization,
}

impl Router<'_> {
    /// R1.
    fn absolute(&self, url: &str) -> Result<UpstreamTarget, RoutingError> {
        let absolute = AbsoluteUrl::parse(url).ok_or_else(|| self.wrong_scheme())?;
        if !self
            .hosts
            .iter()
            .any(|(_, base)| base.scheme == absolute.scheme)
        {
            return Err(self.wrong_scheme());
        }
        if absolute.authority.contains('@') {
            return Err(RoutingError::UserInfo);
        }
        let unknown = || RoutingError::Host {
            host: shorten(absolute.authority),
        };
        let (host, port) = absolute.host_and_port().ok_or_else(unknown)?;
        let is_default_port = port == 443 && absolute.scheme == "https";
        if is_default_port && self.hosts.is_old_form(&host, self.organization) {
            check_slashes(absolute.path, 0)?;
            return self.in_organization(Alias::Dev, absolute.path, absolute.query);
        }
        let found = self.hosts.iter().find_map(|(alias, base)| {
            let same = base.scheme == absolute.scheme && base.host == host && base.port == port;
            if same {
                strip_path_prefix(absolute.path, &base.prefix).map(|rest| (alias, rest))
            } else {
                None
            }
        });
        match found {
            Some((alias, rest)) => self.on_host(alias, rest, absolute.query),
            None if is_default_port && self.hosts.is_any_old_form(&host) => {
                Err(self.other_organization())
            }
            None => Err(unknown()),
        }
    }

    /// R2; `path` begins with `_hosts`.
    fn by_alias(&self, path: &str, query: Option<&str>) -> Result<UpstreamTarget, RoutingError> {
        let rest = path.get(HOSTS_SEGMENT.len()..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let (name, rest) = rest
            .find('/')
            .map_or((rest, ""), |slash| rest.split_at(slash));
        let alias = Alias::parse(name).filter(|alias| self.hosts.base(*alias).is_some());
        let alias = alias.ok_or_else(|| RoutingError::UnknownAlias {
            alias: shorten(name),
            known: self
                .hosts
                .iter()
                .map(|(alias, _)| format!("`{}`", alias.as_str()))
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        self.on_host(alias, rest, query)
    }

    /// `path` is empty or begins with `/`; on a host of organisations its first segment must be ours.
    fn on_host(
        &self,
        alias: Alias,
        path: &str,
        query: Option<&str>,
    ) -> Result<UpstreamTarget, RoutingError> {
        let open: &[&str] = match alias.scope() {
            Scope::Organization => {
                check_slashes(path, 1)?;
                let named = path.strip_prefix('/').unwrap_or_default();
                let (name, rest) = named
                    .find('/')
                    .map_or((named, ""), |slash| named.split_at(slash));
                if !self.organization.is(name) {
                    return Err(self.other_organization());
                }
                return self.in_organization(alias, rest, query);
            }
            Scope::User => &["/_apis/profile", "/_apis/accounts"],
            Scope::Public => &["/_apis/status"],
        };
        check_slashes(path, 0)?;
        if !open
            .iter()
            .any(|prefix| strip_path_prefix(path, prefix).is_some())
        {
            let allowed = open
                .iter()
                .map(|prefix| format!("`{prefix}`"))
                .collect::<Vec<_>>()
                .join(" and ");
            return Err(RoutingError::ClosedPath {
                alias: alias.as_str(),
                allowed,
            });
        }
        self.target(alias, path, path, query)
    }

    /// `rest` is empty or begins with `/`; the organisation is always written as the credential has it.
    fn in_organization(
        &self,
        alias: Alias,
        rest: &str,
        query: Option<&str>,
    ) -> Result<UpstreamTarget, RoutingError> {
        let path = format!("/{}{rest}", self.organization);
        self.target(alias, &path, rest, query)
    }

    fn target(
        &self,
        alias: Alias,
        path: &str,
        rest: &str,
        query: Option<&str>,
    ) -> Result<UpstreamTarget, RoutingError> {
        let path_and_query =
            query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let base: Option<&HostBase> = self.hosts.base(alias);
        let uri = base
            .and_then(|base| base.uri(&path_and_query))
            .ok_or(RoutingError::Malformed)?;
        Ok(UpstreamTarget {
            uri,
            alias,
            path: rest.to_owned(),
            needs_credential: alias.scope() != Scope::Public,
        })
    }

    fn other_organization(&self) -> RoutingError {
        RoutingError::OtherOrganization {
            expected: self.organization.to_string(),
        }
    }

    fn wrong_scheme(&self) -> RoutingError {
        let expected = self
            .hosts
            .base(Alias::Dev)
            .map_or_else(String::new, |base| base.scheme.clone());
        RoutingError::Scheme { expected }
    }
}

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
    pub(super) fn parse(url: &'a str) -> Option<Self> {
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
    pub(super) fn host_and_port(&self) -> Option<(String, u16)> {
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
pub(super) fn strip_path_prefix<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Input for an error text, no longer than is useful.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
