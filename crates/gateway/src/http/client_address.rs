//! The address that a request comes from, where attempts are counted by it.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::HeaderMap;
use http::request::Parts;

use crate::error::ApiError;
use crate::state::App;

/// An IPv4 address, or the network (/64) of an IPv6 address: one subscriber has all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAddress(pub String);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let Some(ConnectInfo(peer)) = peer else {
            return Ok(Self("unknown".into()));
        };
        let address = client(peer.ip(), &parts.headers, &app.trusted_proxies);
        Ok(Self(network(address)))
    }
}

/// A request that needs no user token, counted by the address that it comes from.
#[derive(Debug)]
pub struct Counted;

impl FromRequestParts<Arc<App>> for Counted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, app).await;
        app.limits.address(&address)?;
        Ok(Self)
    }
}

/// The last address of `X-Forwarded-For` that is no trusted proxy, if the peer is one: what stands before it anybody
/// can have written.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.contains(&address.to_canonical());
    if !is_trusted(&peer) {
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let mut address = peer;
    for word in lines.iter().flat_map(|line| line.split(',')).rev() {
        let Ok(next) = word.trim().parse::<IpAddr>() else {
            break;
        };
        address = next;
        if !is_trusted(&next) {
            break;
        }
    }
    address
}

/// The address or network that counts as one.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let (proxy, other) = (address("10.0.0.1"), address("10.0.0.2"));
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "1.2.3.4, 203.0.113.7, 10.0.0.2".parse().expect("a value"),
        );
        let seen = |peer, trusted: &[IpAddr]| client(peer, &headers, trusted).to_string();
        assert_eq!(seen(proxy, &[]), "10.0.0.1");
        assert_eq!(seen(proxy, &[proxy]), "10.0.0.2");
        assert_eq!(seen(proxy, &[proxy, other]), "203.0.113.7");
        assert_eq!(seen(address("9.9.9.9"), &[proxy]), "9.9.9.9");
    }

    #[test]
    fn one_network_counts_as_one() {
        let network = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
    }
}
