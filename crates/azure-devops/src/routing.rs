//! Where a caller's path leads: pure, and the only place that decides it.
//!
//! The rules are tried in order. They cannot be mixed up, since no project name may begin with `_` or hold `/` or `:`.
//!
//! | | path | leads to |
//! |---|---|---|
//! | R1 | `https://…` | the same URL, if the host is in the table and the organization is the credential's |
//! | R2 | `/_hosts/{alias}/{organization}/…` | that host |
//! | R3 | `/_apis/…` | `dev`, organization level |
//! | R4 | `/{project}/_apis/…`, `/{project}/{team}/_apis/…` | `dev`, project level |
//! | R5 | `/_…` | refused: a web page |
//! | R6 | anything else | `dev`, below `/_apis` |
//! | R7 | nothing | `dev`, `/_apis` |

use http::Uri;

use super::absolute_url::{AbsoluteUrl, strip_path_prefix};
use super::hosts::{HostBase, Scope};
use super::path_guard::{begins_with_underscore, check, check_slashes, split_query};
use super::{Alias, HostTable, Organization};

mod error;

pub use error::RoutingError;

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
    /// The provider's own path behind the organization, without query: `/{project}/_apis/wit/wiql`.
    pub path: String,
    /// Whether the credential goes with it (public pages get none).
    pub needs_credential: bool,
}

/// Finds where `path_and_query` leads for a credential of `organization`.
///
/// `path_and_query` is what stands behind the proxy's own prefix, as it came on the wire: not decoded, not normalized.
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

/// R1 alone, for URLs that the provider wrote: nothing relative is taken.
///
/// # Errors
/// As [`route`].
pub(crate) fn route_absolute(
    hosts: &HostTable,
    organization: &Organization,
    url: &str,
) -> Result<UpstreamTarget, RoutingError> {
    check(url)?;
    Router {
        hosts,
        organization,
    }
    .absolute(url)
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

    /// `path` is empty or begins with `/`; on a host of organizations its first segment must be ours.
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

    /// `rest` is empty or begins with `/`; the organization is always written as the credential has it.
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

/// Input for an error text, no longer than is useful.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
