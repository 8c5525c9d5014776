//! Where the services are: the cloud's defaults, a host's subdomains, single overrides, or one gateway.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::{host, js};

/// A service, in the order of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// The main API.
    Api,
    /// Workflow triggers and app events.
    Events,
    /// The provider's API behind `request()`.
    Proxy,
    /// Triggers.
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

/// Name of each service in `environments`, its subdomain of the cloud, and its subdomain of a configured host.
const TABLE: [(&str, &str, &str); 9] = [
    ("ZEUS_PUBLIC_URL", "zeus", "zeus"),
    ("HERMES_PUBLIC_URL", "hermes", "hermes"),
    ("WORKER_PROXY_PUBLIC_URL", "proxy", "worker-proxy"),
    ("API_TRIGGER_KIT_PUBLIC_URL", "", "actionkit"),
    ("CONNECT_PUBLIC_URL", "connect", "connect"),
    ("DASHBOARD_PUBLIC_URL", "dashboard", "dashboard"),
    ("CDN_PUBLIC_URL", "cdn", "dashboard"),
    ("PASSPORT_PUBLIC_URL", "passport", "passport"),
    ("PASSPORT_PRODUCTION_URL", "passport", "passport"),
];

/// Services without which no instance is made, in the order in which they are reported.
const REQUIRED: [Service; 5] = [
    Service::Connect,
    Service::Dashboard,
    Service::Passport,
    Service::Proxy,
    Service::Api,
];

/// The URLs of all services, which are used verbatim as prefixes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Services {
    urls: [Option<String>; TABLE.len()],
    /// Whether all services are one gateway, which has the ticket flow.
    pub(crate) is_gateway: bool,
}

impl Services {
    /// Paragon's cloud.
    pub(crate) fn cloud() -> Self {
        let mut services = Self::default();
        for (url, (_, subdomain, _)) in services.urls.iter_mut().zip(TABLE) {
            if !subdomain.is_empty() {
                *url = Some(["https://", subdomain, ".useparagon.com"].concat());
            }
        }
        services.urls[Service::Cdn as usize] =
            Some("https://cdn.useparagon.com/latest/dashboard/public".into());
        services
    }

    /// Every service on its subdomain of `host`; a URL is reduced to its host name.
    ///
    /// # Errors
    /// When there is no host in it.
    pub(crate) fn on_host(host: &str) -> Result<Self> {
        let is_url = host.as_bytes().windows(4).any(|part| part == b"http");
        let host = if is_url {
            host::name_in(host)
        } else {
            host.to_owned()
        };
        if host.is_empty() {
            return Err(Error::new("invalid_configuration", "host not specified"));
        }
        let mut services = Self::default();
        for (url, (_, _, subdomain)) in services.urls.iter_mut().zip(TABLE) {
            *url = Some(["https://", subdomain, ".", &host].concat());
        }
        Ok(services)
    }

    /// Every service on the one origin of a gateway.
    ///
    /// # Errors
    /// When `given` is no origin.
    pub(crate) fn on_gateway(given: &str) -> Result<Self> {
        let origin = given.strip_suffix('/').unwrap_or(given);
        if !is_http_origin(origin) {
            let message = [
                "gateway must be an origin such as https://connect.example.com, not `",
                origin,
                "`",
            ];
            return Err(Error::new("invalid_configuration", &message.concat()));
        }
        let mut services = Self {
            is_gateway: true,
            ..Self::default()
        };
        services.urls.fill(Some(origin.into()));
        Ok(services)
    }

    /// Replaces the URLs for which `bag` has a text under their name; with `is_whole`, something else there removes it.
    pub(crate) fn override_with(&mut self, bag: &JsValue, is_whole: bool) {
        for (url, (name, ..)) in self.urls.iter_mut().zip(TABLE) {
            let given = js::field(bag, name);
            if given.is_string() {
                *url = given.as_string();
            } else if is_whole && js::has_own(bag, &name.into()) {
                *url = None;
            }
        }
    }

    /// # Errors
    /// When a service that every instance needs has no URL.
    pub(crate) fn require_all(&self) -> Result<()> {
        for service in REQUIRED {
            if self.own(service).is_none() {
                let name = TABLE[service as usize].0;
                let message = ["Paragon SDK error! No `", name, "` configured."].concat();
                return Err(Error::new("invalid_configuration", &message));
            }
        }
        Ok(())
    }

    fn own(&self, service: Service) -> Option<&str> {
        self.urls[service as usize]
            .as_deref()
            .filter(|url| !url.is_empty())
    }

    /// URL of `service`; the main API's where it has none.
    pub(crate) fn url(&self, service: Service) -> &str {
        self.own(service)
            .or_else(|| self.own(Service::Api))
            .unwrap_or_default()
    }

    /// Whether `url` is that of a service.
    pub(crate) fn has(&self, url: &str) -> bool {
        self.urls.iter().flatten().any(|own| own == url)
    }

    /// The URLs by their names in `environments`.
    pub(crate) fn to_object(&self) -> Object {
        let object = Object::new();
        for (url, (name, ..)) in self.urls.iter().zip(TABLE) {
            if let Some(url) = url {
                js::set(&object, &name.into(), &url.into());
            }
        }
        object
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

    #[test]
    fn a_gateway_is_nothing_but_an_origin() {
        assert!(is_http_origin("https://connect.example.com"));
        assert!(is_http_origin("http://localhost:4400"));
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
            assert!(!is_http_origin(bad), "{bad}");
        }
    }

    #[test]
    fn the_cloud_asks_the_main_api_for_triggers() {
        let services = Services::cloud();
        assert_eq!(
            services.url(Service::TriggerKit),
            "https://zeus.useparagon.com"
        );
        assert_eq!(services.url(Service::Proxy), "https://proxy.useparagon.com");
        assert!(services.has("https://hermes.useparagon.com"));
    }
}
