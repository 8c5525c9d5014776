//! Which hosts the gateway talks to: a closed list, chosen by the operator and never by a request.
//!
//! Hosts that hand out tokens or bills (`vstoken`, `vssh`, `vscommerce` and the like) are left out on purpose.

use http::Uri;
use http::uri::PathAndQuery;
use url::Url;

use super::Organization;

/// What a host's paths begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `/{organization}`.
    Organization,
    /// No organization: the signed-in user's own profile and accounts.
    User,
    /// No organization and no credential: public pages.
    Public,
}

macro_rules! aliases {
    ($($(#[$doc:meta])* $name:ident = $alias:literal, $host:literal, $scope:ident;)*) => {
        /// Short name of a host, as it stands in `/_hosts/{alias}/…`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Alias { $($(#[$doc])* $name,)* }

        impl Alias {
            /// Every alias.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The alias as it stands in a path.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $alias,)* }
            }

            /// Microsoft's host name.
            pub const fn hostname(self) -> &'static str {
                match self { $(Self::$name => $host,)* }
            }

            /// What the host's paths begin with.
            pub const fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)* }
            }
        }
    };
}

aliases! {
    /// Projects, work items, code, builds, hooks and most of the rest.
    Dev = "dev", "dev.azure.com", Organization;
    /// Graph, identities and tokens.
    Vssps = "vssps", "vssps.dev.azure.com", Organization;
    /// The user's profile and list of organizations.
    App = "app", "app.vssps.visualstudio.com", User;
    /// Users and licences.
    Vsaex = "vsaex", "vsaex.dev.azure.com", Organization;
    /// Classic releases.
    Vsrm = "vsrm", "vsrm.dev.azure.com", Organization;
    /// Search in code, wikis and work items.
    Almsearch = "almsearch", "almsearch.dev.azure.com", Organization;
    /// Feeds of packages.
    Feeds = "feeds", "feeds.dev.azure.com", Organization;
    /// Content of packages.
    Pkgs = "pkgs", "pkgs.dev.azure.com", Organization;
    /// Symbols and pipeline artifacts.
    Artifacts = "artifacts", "artifacts.dev.azure.com", Organization;
    /// Analytics by `OData`.
    Analytics = "analytics", "analytics.dev.azure.com", Organization;
    /// Audit log.
    Auditservice = "auditservice", "auditservice.dev.azure.com", Organization;
    /// Installed extensions.
    Extmgmt = "extmgmt", "extmgmt.dev.azure.com", Organization;
    /// Advanced Security alerts.
    Advsec = "advsec", "advsec.dev.azure.com", Organization;
    /// Test results and coverage.
    Vstmr = "vstmr", "vstmr.dev.azure.com", Organization;
    /// Component governance.
    Governance = "governance", "governance.dev.azure.com", Organization;
    /// Service health.
    Status = "status", "status.dev.azure.com", Public;
}

impl Alias {
    /// The alias written as `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|alias| alias.as_str() == text)
    }
}

/// Where one alias leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostBase {
    /// `https`, or `http` for a simulator.
    pub scheme: String,
    /// Host name in lower case, or an IP literal as it stands in a URL.
    pub host: String,
    /// Port, also when it is the scheme's default.
    pub port: u16,
    /// Path in front of the provider's own path: empty, or `/…` without a slash at the end.
    pub prefix: String,
}

impl HostBase {
    /// `host`, with `:port` unless it is the scheme's default.
    fn authority(&self) -> String {
        if default_port(&self.scheme) == Some(self.port) {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// URI of `path_and_query` on this host, byte for byte; `None` when the bytes cannot stand in a request line.
    pub fn uri(&self, path_and_query: &str) -> Option<Uri> {
        let wanted = format!("{}{path_and_query}", self.prefix);
        let parsed = PathAndQuery::try_from(wanted.as_str()).ok()?;
        // The parser cuts off what it takes for a fragment; then the request would not be the one that was checked.
        if parsed.as_str() != wanted {
            return None;
        }
        let builder = Uri::builder()
            .scheme(self.scheme.as_str())
            .authority(self.authority());
        builder.path_and_query(parsed).build().ok()
    }
}

/// The port a scheme has when none is written.
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

/// The base URL of a simulator cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the simulator's base URL must be http or https with a host, without user name, query or fragment"
)]
pub struct HostTableError;

/// Base URL of every alias. Either all of them are Microsoft's or all of them are a simulator's.
#[derive(Debug, Clone)]
pub struct HostTable {
    bases: Vec<(Alias, HostBase)>,
    /// Whether `https://{organization}.visualstudio.com` is another name of `dev`.
    has_old_form: bool,
}

impl HostTable {
    /// Microsoft's public hosts.
    pub fn microsoft() -> Self {
        let base = |alias: Alias| HostBase {
            scheme: "https".to_owned(),
            host: alias.hostname().to_owned(),
            port: 443,
            prefix: String::new(),
        };
        Self {
            bases: Alias::ALL
                .iter()
                .map(|alias| (*alias, base(*alias)))
                .collect(),
            has_old_form: true,
        }
    }

    /// A simulator that serves each of Microsoft's hosts under a path: `{base}/dev.azure.com/…`.
    ///
    /// # Errors
    /// [`HostTableError`] when `base` is no plain http(s) URL.
    pub fn simulator(base: &Url) -> Result<Self, HostTableError> {
        let plain = base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else {
            return Err(HostTableError);
        };
        if !plain || default_port(base.scheme()).is_none() {
            return Err(HostTableError);
        }
        let path = base.path().trim_end_matches('/');
        let base = |alias: Alias| HostBase {
            scheme: base.scheme().to_owned(),
            host: host.to_owned(),
            port,
            prefix: format!("{path}/{}", alias.hostname()),
        };
        Ok(Self {
            bases: Alias::ALL
                .iter()
                .map(|alias| (*alias, base(*alias)))
                .collect(),
            has_old_form: false,
        })
    }

    /// Where `alias` leads; `None` when the table does not open it.
    pub fn base(&self, alias: Alias) -> Option<&HostBase> {
        self.bases
            .iter()
            .find(|(open, _)| *open == alias)
            .map(|(_, base)| base)
    }

    /// Every open alias with its base.
    pub fn iter(&self) -> impl Iterator<Item = (Alias, &HostBase)> {
        self.bases.iter().map(|(alias, base)| (*alias, base))
    }

    /// Whether `host` is the old name of `organization`'s own host, `{organization}.visualstudio.com`.
    pub fn is_old_form(&self, host: &str, organization: &Organization) -> bool {
        let label = host.strip_suffix(".visualstudio.com");
        self.has_old_form && label.is_some_and(|label| organization.is(label))
    }

    /// Whether `host` has the form of some organization's old host name.
    pub fn is_any_old_form(&self, host: &str) -> bool {
        let label = host.strip_suffix(".visualstudio.com");
        self.has_old_form && label.is_some_and(|label| Organization::new(label).is_ok())
    }
}

#[cfg(test)]
mod tests;
