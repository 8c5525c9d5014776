//! Keeps official clients on the gateway's origin.
//!
//! Azure DevOps' clients ask `ResourceAreas` where an area lives and send their bearer there, whatever the origin. With
//! the provider's own answer the caller's gateway token would go to another host. So every `locationUrl` is rewritten to
//! the gateway's `/_hosts/{alias}/{organization}/`, and areas on hosts that are not open are left out.

use serde_json::Value;
use url::Url;

use super::hosts::{HostBase, Scope};
use super::path_guard::decoded_segments;
use super::routing::{HOSTS_SEGMENT, UpstreamTarget, route, route_absolute};
use super::{HostTable, Organization};
use crate::json_input;

/// How to write the provider's URLs as the gateway's.
#[derive(Clone, Copy)]
pub struct GatewayUrls<'a> {
    /// The provider's hosts.
    pub hosts: &'a HostTable,
    /// Organisation of the credential.
    pub organization: &'a Organization,
    /// The proxy's prefix on the gateway: `{gateway}/projects/{p}/sdk/proxy/azuredevops`.
    pub public_base: &'a Url,
}

/// The answer could not be read, so it cannot be passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the provider's list of resource areas is no JSON")]
pub struct ResourceAreasError;

/// Whether `path` (the provider's own path, without query) asks for resource areas.
pub fn is_resource_areas(path: &str) -> bool {
    let segments = decoded_segments(path);
    let behind = segments
        .iter()
        .skip_while(|segment| !segment.eq_ignore_ascii_case("_apis"));
    behind
        .skip(1)
        .any(|segment| segment.eq_ignore_ascii_case("ResourceAreas"))
}

impl GatewayUrls<'_> {
    /// Rewrites the JSON of a list of areas or of one area.
    ///
    /// # Errors
    /// [`ResourceAreasError`] when `body` is no JSON.
    pub fn rewrite_areas(&self, body: &[u8]) -> Result<Vec<u8>, ResourceAreasError> {
        let mut answer: Value = json_input::from_slice(body).map_err(|_| ResourceAreasError)?;
        self.rewrite(&mut answer);
        serde_json::to_vec(&answer).map_err(|_| ResourceAreasError)
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

    /// Rewrites every `locationUrl` in `value` or makes it null; false when `value` holds one that was closed.
    /// Rows of a list that hold such a one are dropped.
    fn rewrite(&self, value: &mut Value) -> bool {
        match value {
            Value::Array(rows) => {
                rows.retain_mut(|row| self.rewrite(row));
                true
            }
            Value::Object(fields) => {
                let mut is_open = true;
                for (name, field) in fields.iter_mut() {
                    if is_location(name) {
                        let url = field.as_str().and_then(|url| self.location(url));
                        is_open = is_open && (field.is_null() || url.is_some());
                        *field = url.map_or(Value::Null, Value::String);
                    } else {
                        is_open = self.rewrite(field) && is_open;
                    }
                }
                let rows = fields.get("value").and_then(Value::as_array).map(Vec::len);
                if let (Some(rows), Some(count)) = (rows, fields.get_mut("count")) {
                    *count = Value::from(rows);
                }
                is_open
            }
            _ => true,
        }
    }

    /// An area's location, ending in `/` as clients expect.
    fn location(&self, provider_url: &str) -> Option<String> {
        if let Some(alias) = self.root_of_host(provider_url) {
            return Some(format!("{}/{HOSTS_SEGMENT}/{alias}/", self.prefix()));
        }
        let url = self.gateway_url(provider_url)?;
        Some(if url.ends_with('/') {
            url
        } else {
            format!("{url}/")
        })
    }

    /// Alias of the host without organisations whose root this is; its open paths lie below.
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

fn is_location(field: &str) -> bool {
    field.eq_ignore_ascii_case("locationUrl")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BASE: &str = "https://gateway.example/projects/p1/sdk/proxy/azuredevops";

    fn with_urls<T>(hosts: &HostTable, test: impl FnOnce(GatewayUrls<'_>) -> T) -> T {
        let organization = Organization::new("contoso").unwrap_or_else(|error| panic!("{error}"));
        let public_base = Url::parse(BASE).unwrap_or_else(|error| panic!("{error}"));
        test(GatewayUrls {
            hosts,
            organization: &organization,
            public_base: &public_base,
        })
    }

    fn rewritten(answer: &Value) -> Value {
        with_urls(&HostTable::microsoft(), |urls| {
            let body = urls
                .rewrite_areas(answer.to_string().as_bytes())
                .unwrap_or_else(|error| panic!("{error}"));
            serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}"))
        })
    }

    #[test]
    fn locations_stay_on_the_gateway() {
        let areas = rewritten(&json!({"count":4,"value":[
            {"id":"1","name":"core","locationUrl":"https://dev.azure.com/contoso/"},
            {"id":"2","name":"Release","locationUrl":"https://vsrm.dev.azure.com/Contoso"},
            {"id":"3","name":"old","locationUrl":"https://contoso.visualstudio.com/"},
            {"id":"4","name":"profile","locationUrl":"https://app.vssps.visualstudio.com/"},
        ]}));
        let expected = json!({"count":4,"value":[
            {"id":"1","name":"core","locationUrl":format!("{BASE}/_hosts/dev/contoso/")},
            {"id":"2","name":"Release","locationUrl":format!("{BASE}/_hosts/vsrm/contoso/")},
            {"id":"3","name":"old","locationUrl":format!("{BASE}/_hosts/dev/contoso/")},
            {"id":"4","name":"profile","locationUrl":format!("{BASE}/_hosts/app/")},
        ]});
        assert_eq!(areas, expected);
    }

    #[test]
    fn areas_on_closed_hosts_are_left_out() {
        let areas = rewritten(&json!({"count":6,"value":[
            {"name":"token","locationUrl":"https://vstoken.dev.azure.com/contoso/"}, {"name":"evil","locationUrl":"https://evil.example/contoso/"},
            {"name":"other","locationUrl":"https://dev.azure.com/fabrikam/"}, {"name":"relative","locationUrl":"/contoso/"},
            {"name":"number","locationUrl":7}, {"name":"case","LocationURL":"https://evil.example/"},
        ]}));
        assert_eq!(areas, json!({"count":0,"value":[]}));
    }

    #[test]
    fn one_area_loses_a_closed_location() {
        assert_eq!(
            rewritten(&json!({"id":"1","locationUrl":"https://vssh.dev.azure.com/contoso/"})),
            json!({"id":"1","locationUrl":null})
        );
        let nested = json!({"value":{"a":{"locationUrl":"https://evil.example/"}}});
        assert_eq!(
            rewritten(&nested),
            json!({"value":{"a":{"locationUrl":null}}})
        );
        assert_eq!(
            rewritten(&json!({"count":0,"value":null})),
            json!({"count":0,"value":null})
        );
    }

    #[test]
    fn what_is_no_json_is_not_passed_on() {
        with_urls(&HostTable::microsoft(), |urls| {
            assert_eq!(urls.rewrite_areas(b"<html>"), Err(ResourceAreasError));
            assert!(
                urls.rewrite_areas(b"\xef\xbb\xbf{\"count\":0,\"value\":[]}")
                    .is_ok()
            );
        });
    }

    #[test]
    fn the_proxy_takes_what_it_handed_out() {
        let simulator = Url::parse("http://localhost:4401").map(|base| HostTable::simulator(&base));
        let Ok(Ok(simulator)) = simulator else {
            panic!("the base is plain")
        };
        for hosts in [HostTable::microsoft(), simulator] {
            with_urls(&hosts, |urls| {
                for (alias, base) in hosts
                    .iter()
                    .filter(|(alias, _)| alias.scope() == Scope::Organization)
                {
                    let provider = base
                        .uri("/contoso/P/_apis/wit/workItems/1?a=%24b")
                        .unwrap_or_default()
                        .to_string();
                    let url = urls.gateway_url(&provider).unwrap_or_default();
                    let below = url.strip_prefix(BASE).unwrap_or_default();
                    let again = route(&hosts, urls.organization, below)
                        .map(|target| target.uri.to_string());
                    assert_eq!(again, Ok(provider), "{}", alias.as_str());
                }
            });
        }
    }

    #[test]
    fn the_path_is_seen_in_any_spelling() {
        for path in [
            "/_apis/ResourceAreas",
            "/_apis/resourceareas/1",
            "/P/_apis/Resource%41reas",
            "/_APIS//RESOURCEAREAS",
        ] {
            assert!(is_resource_areas(path), "{path}");
        }
        for path in [
            "/ResourceAreas",
            "/ResourceAreas/_apis/projects",
            "/_apis/projects",
        ] {
            assert!(!is_resource_areas(path), "{path}");
        }
    }
}
