//! What counts as this machine.

use url::{Host, Url};

/// Whether `host` can be reached from this machine alone: a loopback address, `localhost`, or a name below it.
///
/// Source: RFC 6761, 6.3.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    }
}

/// Whether nobody in between can read or change what goes to `url`: https, or http on this machine.
pub fn is_private(url: &Url) -> bool {
    url.scheme() == "https"
        || (url.scheme() == "http" && url.host().is_some_and(|host| is_loopback(&host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_private_on_this_machine_alone() {
        let of = |text: &str| is_private(&Url::parse(text).expect("an address"));
        for private in [
            "https://connect.example.com",
            "http://localhost:4400",
            "http://LOCALHOST.:4400",
            "http://app.localhost",
            "http://127.0.0.1:4400",
            "http://127.9.9.9",
            "http://[::1]:4400",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(of(private), "{private}");
        }
        for open in [
            "http://connect.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "http://10.0.0.7",
            "http://0.0.0.0:4400",
            "http://[fe80::1]",
            "ftp://localhost",
        ] {
            assert!(!of(open), "{open}");
        }
    }
}
