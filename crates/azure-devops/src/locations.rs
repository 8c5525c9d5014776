//! Keeps official clients on the gateway's origin.
//!
//! Azure DevOps' clients ask the service where each of its areas lives and send their bearer there, whatever the origin;
//! for an area that the answer does not name they ask `app.vssps.visualstudio.com`, with the bearer too. With the
//! provider's own answer the caller's user token would go to another host. So every location is rewritten to the
//! gateway's `/_hosts/{alias}/{organization}/`, one on a host that is not open to an address that the proxy refuses by
//! that host's name, and areas that the answer lacks are added.

mod known_areas;

use serde_json::{Value, json};
use url::Url;

use self::known_areas::KNOWN_AREAS;
use super::hosts::{HostBase, Scope};
use super::path_guard::decoded_segments;
use super::routing::{HOSTS_SEGMENT, UpstreamTarget, route, route_absolute};
use super::{Alias, HostTable, Organization};

/// How to write the provider's URLs as the gateway's.
#[derive(Clone, Copy)]
pub struct GatewayUrls<'a> {
    /// The provider's hosts.
    pub hosts: &'a HostTable,
    /// Organization of the credential.
    pub organization: &'a Organization,
    /// The proxy's prefix on the gateway: `{gateway}/projects/{p}/sdk/proxy/azuredevops`.
    pub public_base: &'a Url,
}

/// An answer that tells clients where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locations {
    /// The list of areas.
    Areas,
    /// The area with this id.
    Area(String),
    /// Access points and service definitions, as `connectionData` has them.
    Services,
}

impl Locations {
    /// What `path` (the provider's own path, without query) asks for; `None` for everything else.
    pub fn asked_by(path: &str) -> Option<Self> {
        let segments = decoded_segments(path);
        let mut behind = segments
            .iter()
            .skip_while(|segment| !segment.eq_ignore_ascii_case("_apis"))
            .skip(1);
        while let Some(segment) = behind.next() {
            match segment.to_ascii_lowercase().as_str() {
                "resourceareas" => {
                    let id = behind.find(|segment| !segment.is_empty());
                    return Some(id.map_or(Self::Areas, |id| Self::Area(id.clone())));
                }
                "connectiondata" | "servicedefinitions" | "accessmappings" => {
                    return Some(Self::Services);
                }
                _ => {}
            }
        }
        None
    }
}

impl GatewayUrls<'_> {
    /// Rewrites an answer that tells clients where to go on.
    pub fn rewrite_locations(&self, asked: &Locations, answer: &mut Value) {
        self.rewrite(answer);
        match asked {
            Locations::Areas => self.add_areas(answer),
            Locations::Area(id) if answer.is_null() => {
                *answer = self.known_area(id).unwrap_or_default();
            }
            Locations::Area(_) | Locations::Services => {}
        }
    }

    /// The gateway's URL for a URL of the provider; `None` when the proxy would not let it through.
    pub fn gateway_url(&self, provider_url: &str) -> Option<String> {
        let target = route_absolute(self.hosts, self.organization, provider_url).ok()?;
        let below = self.below_hosts(&target);
        route(self.hosts, self.organization, &below)
            .ok()
            .filter(|again| *again == target)?;
        Some(format!("{}{below}", self.prefix()))
    }

    /// Rewrites every location in `value`, however deep.
    fn rewrite(&self, value: &mut Value) {
        match value {
            Value::Array(rows) => rows.iter_mut().for_each(|row| self.rewrite(row)),
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    let is_plain = !(field.is_null() || field.is_object() || field.is_array());
                    if is_plain && is_location(name) {
                        *field = self.location(field.as_str().unwrap_or_default()).into();
                    } else {
                        self.rewrite(field);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the areas that clients know and the list does not name. An empty list is left: it says that everything is
    /// where it was asked for.
    fn add_areas(&self, answer: &mut Value) {
        let Some(rows) = answer.get_mut("value").and_then(Value::as_array_mut) else {
            return;
        };
        if rows.is_empty() {
            return;
        }
        for (_, id) in KNOWN_AREAS {
            let is_it = |row: &Value| {
                row["id"]
                    .as_str()
                    .is_some_and(|known| known.eq_ignore_ascii_case(id))
            };
            if !rows.iter().any(is_it) {
                rows.extend(self.known_area(id));
            }
        }
        let count = rows.len();
        if let Some(field) = answer.get_mut("count") {
            *field = count.into();
        }
    }

    /// An area that the provider did not name: it would be in the organization, if there were one.
    fn known_area(&self, id: &str) -> Option<Value> {
        let mut known = KNOWN_AREAS.iter();
        let (name, id) = known.find(|(_, known)| known.eq_ignore_ascii_case(id))?;
        let (dev, organization) = (Alias::Dev.as_str(), self.organization);
        let url = format!("{}/{HOSTS_SEGMENT}/{dev}/{organization}/", self.prefix());
        Some(json!({"id": id, "name": name, "locationUrl": url}))
    }

    /// Where clients go on instead of `provider_url`, ending in `/` as they expect.
    fn location(&self, provider_url: &str) -> String {
        if let Some(alias) = self.root_of_host(provider_url) {
            return format!("{}/{HOSTS_SEGMENT}/{alias}/", self.prefix());
        }
        match self.gateway_url(provider_url) {
            Some(url) if url.ends_with('/') => url,
            Some(url) => format!("{url}/"),
            None => self.closed(provider_url),
        }
    }

    /// An address that the proxy refuses, naming the host that is not open.
    fn closed(&self, provider_url: &str) -> String {
        let url = Url::parse(provider_url).ok();
        let host = url.as_ref().and_then(Url::host_str);
        let host = host.filter(|host| Alias::parse(host).is_none());
        let host = host.unwrap_or("unknown");
        format!("{}/{HOSTS_SEGMENT}/{host}/", self.prefix())
    }

    /// Alias of the host without organizations whose root this is; its open paths lie below.
    fn root_of_host(&self, provider_url: &str) -> Option<&'static str> {
        let root = provider_url.trim_end_matches('/');
        let is_root = |base: &HostBase| {
            base.uri("/")
                .is_some_and(|uri| uri.to_string().trim_end_matches('/') == root)
        };
        let mut hosts = self
            .hosts
            .iter()
            .filter(|(alias, _)| alias.scope() != Scope::Organization);
        hosts
            .find(|(_, base)| is_root(base))
            .map(|(alias, _)| alias.as_str())
    }

    fn below_hosts(&self, target: &UpstreamTarget) -> String {
        let alias = target.alias.as_str();
        let organization = match target.alias.scope() {
            Scope::Organization => format!("/{}", self.organization),
            Scope::User | Scope::Public => String::new(),
        };
        let query = target
            .uri
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        format!(
            "/{HOSTS_SEGMENT}/{alias}{organization}{}{query}",
            target.path
        )
    }

    fn prefix(&self) -> &str {
        self.public_base.as_str().trim_end_matches('/')
    }
}

/// Names of the fields that say where to go on: of an area, of an access mapping, of a service.
fn is_location(field: &str) -> bool {
    ["locationUrl", "accessPoint", "location"]
        .iter()
        .any(|name| field.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
