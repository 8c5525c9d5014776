//! Where the services are: the cloud's defaults, a host's subdomains, single overrides, or one gateway.

use crate::error::{Outcome, SdkError};

/// A service the SDK or the portal talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// The main API.
    Api,
    /// Workflow triggers and app events.
    Events,
    /// The provider's API behind `request()`.
    Proxy,
    /// Triggers; falls back to the main API.
    TriggerKit,
    /// The portal.
    Connect,
    /// Pictures.
    Dashboard,
    /// Integration icons.
    Cdn,
    /// Only handed to the portal.
    Passport,
    /// Only handed to the portal.
    PassportProduction,
}

/// Name in `environments`, cloud default, and the subdomain under a configured host.
const TABLE: [(Service, &str, Option<&str>, &str); 9] = [
    (
        Service::Api,
        "ZEUS_PUBLIC_URL",
        Some("https://zeus.useparagon.com"),
        "zeus",
    ),
    (
        Service::Events,
        "HERMES_PUBLIC_URL",
        Some("https://hermes.useparagon.com"),
        "hermes",
    ),
    (
        Service::Proxy,
        "WORKER_PROXY_PUBLIC_URL",
        Some("https://proxy.useparagon.com"),
        "worker-proxy",
    ),
    (
        Service::TriggerKit,
        "API_TRIGGER_KIT_PUBLIC_URL",
        None,
        "actionkit",
    ),
    (
        Service::Connect,
        "CONNECT_PUBLIC_URL",
        Some("https://connect.useparagon.com"),
        "connect",
    ),
    (
        Service::Dashboard,
        "DASHBOARD_PUBLIC_URL",
        Some("https://dashboard.useparagon.com"),
        "dashboard",
    ),
    (
        Service::Cdn,
        "CDN_PUBLIC_URL",
        Some("https://cdn.useparagon.com/latest/dashboard/public"),
        "dashboard",
    ),
    (
        Service::Passport,
        "PASSPORT_PUBLIC_URL",
        Some("https://passport.useparagon.com"),
        "passport",
    ),
    (
        Service::PassportProduction,
        "PASSPORT_PRODUCTION_URL",
        Some("https://passport.useparagon.com"),
        "passport",
    ),
];

/// Services without which no instance is made, in the order they are reported.
const REQUIRED: [Service; 5] = [
    Service::Connect,
    Service::Dashboard,
    Service::Passport,
    Service::Proxy,
    Service::Api,
];

/// The URL of each service, used verbatim as a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Services {
    /// In the order of [`TABLE`].
    urls: Vec<Option<String>>,
    gateway: bool,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            urls: TABLE
                .iter()
                .map(|(_, _, url, _)| url.map(str::to_owned))
                .collect(),
            gateway: false,
        }
    }
}

impl Services {
    /// Every service on its subdomain of `host`; a URL is reduced to its host name.
    pub(crate) fn on_host(host: &str) -> Outcome<Self> {
        let host = if host.contains("http") {
            host_name(host)
        } else {
            host
        };
        if host.is_empty() {
            return Err(SdkError::usage(
                "invalid_configuration",
                "host not specified",
            ));
        }
        let urls = TABLE
            .iter()
            .map(|(_, _, _, subdomain)| Some(["https://", subdomain, ".", host].concat()))
            .collect();
        Ok(Self {
            urls,
            gateway: false,
        })
    }

    /// Every service on the one origin of a gateway.
    pub(crate) fn on_gateway(origin: &str) -> Outcome<Self> {
        let origin = origin.strip_suffix('/').unwrap_or(origin);
        if !is_http_origin(origin) {
            return Err(SdkError::usage(
                "invalid_configuration",
                [
                    "gateway must be an origin such as https://connect.example.com, not `",
                    origin,
                    "`",
                ]
                .concat(),
            ));
        }
        Ok(Self {
            urls: vec![Some(origin.to_owned()); TABLE.len()],
            gateway: true,
        })
    }

    /// Replaces the URLs for which `override_for` has one, by their name in `environments`.
    pub(crate) fn with_overrides(mut self, override_for: impl Fn(&str) -> Option<String>) -> Self {
        for (slot, (_, name, _, _)) in self.urls.iter_mut().zip(&TABLE) {
            if let Some(url) = override_for(name) {
                *slot = Some(url);
            }
        }
        self
    }

    /// The same services with `name` unset, as an environments object with an empty value asks.
    pub(crate) fn without(mut self, is_removed: impl Fn(&str) -> bool) -> Self {
        for (slot, (_, name, _, _)) in self.urls.iter_mut().zip(&TABLE) {
            if is_removed(name) {
                *slot = None;
            }
        }
        self
    }

    /// Fails when a service that every instance needs has no URL.
    pub(crate) fn require_all(&self) -> Outcome<()> {
        for service in REQUIRED {
            let index = service as usize;
            if self.urls[index].as_deref().is_none_or(str::is_empty) {
                let message = ["Paragon SDK error! No `", TABLE[index].1, "` configured."].concat();
                return Err(SdkError::usage("invalid_configuration", message));
            }
        }
        Ok(())
    }

    /// The URL prefix of `service`.
    pub(crate) fn url(&self, service: Service) -> &str {
        let own = self.urls[service as usize].as_deref();
        own.or(self.urls[Service::Api as usize].as_deref())
            .unwrap_or_default()
    }

    /// Whether all services are one gateway, which has the ticket flow.
    pub(crate) fn is_gateway(&self) -> bool {
        self.gateway
    }

    /// Whether `url` is the exact prefix of one of the services.
    pub(crate) fn has_url(&self, url: &str) -> bool {
        self.urls.iter().any(|own| own.as_deref() == Some(url))
    }

    /// Name and URL of each service that has one.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        TABLE
            .iter()
            .zip(&self.urls)
            .filter_map(|((_, name, _, _), url)| Some((*name, url.as_deref()?)))
    }
}

/// Host name of a URL: no scheme, user, port or path.
fn host_name(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// `http://` or `https://`, then an authority without user, and nothing else.
fn is_http_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|authority| {
        !authority.is_empty()
            && authority
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(services: &Services) -> Vec<&str> {
        services.entries().map(|(_, url)| url).collect()
    }

    #[test]
    fn a_host_puts_each_service_on_its_subdomain() {
        let services = Services::on_host("https://u:p@example.com:8443/path").unwrap_or_default();
        assert_eq!(
            services.url(Service::Proxy),
            "https://worker-proxy.example.com"
        );
        assert_eq!(services.url(Service::Cdn), "https://dashboard.example.com");
        assert_eq!(
            services.url(Service::TriggerKit),
            "https://actionkit.example.com"
        );
        assert!(!services.is_gateway());
    }

    #[test]
    fn an_empty_host_is_refused() {
        assert_eq!(
            Services::on_host("").map_err(|error| error.to_string()),
            Err("host not specified".into())
        );
        assert!(Services::on_host("http://").is_err());
    }

    #[test]
    fn a_gateway_is_one_origin_for_all() {
        let services = Services::on_gateway("https://connect.example.com/").unwrap_or_default();
        assert!(services.is_gateway());
        assert!(
            urls(&services)
                .iter()
                .all(|url| *url == "https://connect.example.com")
        );
    }

    #[test]
    fn a_gateway_is_nothing_but_an_origin() {
        for bad in [
            "",
            "connect.example.com",
            "https://",
            "https://a/b",
            "https://u@a",
            "javascript:x",
            "https://a?b",
            "https://a\\b",
        ] {
            assert!(Services::on_gateway(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn overrides_win_verbatim_and_triggers_fall_back_to_the_api() {
        let services = Services::default().with_overrides(|name| {
            (name == "ZEUS_PUBLIC_URL").then(|| "http://h:1/zeus".to_owned())
        });
        assert_eq!(services.url(Service::Api), "http://h:1/zeus");
        assert_eq!(services.url(Service::TriggerKit), "http://h:1/zeus");
        assert!(services.has_url("http://h:1/zeus") && !services.has_url("http://h:1"));
    }

    #[test]
    fn a_missing_service_is_named() {
        let services = Services::default().without(|name| name == "PASSPORT_PUBLIC_URL");
        let message = services.require_all().map_err(|error| error.to_string());
        assert_eq!(
            message,
            Err("Paragon SDK error! No `PASSPORT_PUBLIC_URL` configured.".into())
        );
    }
}
