//! The table of hosts.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn aliases_are_unique_and_read_back() {
    for alias in Alias::ALL {
        assert_eq!(Alias::parse(alias.as_str()), Some(*alias));
    }
    for closed in [
        "vstoken",
        "vsblob",
        "vscommerce",
        "vslicense",
        "dataimport",
        "vssh",
        "DEV",
        "",
    ] {
        assert_eq!(Alias::parse(closed), None, "{closed}");
    }
}

#[test]
fn microsoft_is_https_only() {
    assert!(HostTable::microsoft().iter().all(|(alias, base)| {
        base.scheme == "https"
            && base.host == alias.hostname()
            && base.port == 443
            && base.prefix.is_empty()
    }));
}

#[test]
fn a_simulator_holds_every_host_under_a_path() {
    let table = HostTable::simulator(&url("http://localhost:4401"));
    let uri = table.map(|table| {
        table
            .base(Alias::App)
            .and_then(|base| base.uri("/_apis/profile/profiles/me"))
            .map(|uri| uri.to_string())
    });
    let expected = "http://localhost:4401/app.vssps.visualstudio.com/_apis/profile/profiles/me";
    assert_eq!(uri, Ok(Some(expected.to_owned())));
}

#[test]
fn a_simulator_needs_a_plain_base() {
    for base in [
        "ftp://localhost",
        "data:text/plain,x",
        "http://user@localhost",
        "http://localhost/?a",
        "http://h/#f",
    ] {
        assert!(HostTable::simulator(&url(base)).is_err(), "{base}");
    }
}

#[test]
fn bytes_that_cannot_be_sent_as_they_are_give_no_uri() {
    let base = HostTable::microsoft();
    let base = base.base(Alias::Dev);
    for path in ["/a b", "/a#b", "/a\r\nHost: x", "/a?b\0"] {
        assert_eq!(base.and_then(|base| base.uri(path)), None, "{path:?}");
    }
}

#[test]
fn the_old_form_belongs_to_one_organization() -> Result<(), crate::organization::OrganizationError>
{
    let contoso = Organization::new("contoso")?;
    let table = HostTable::microsoft();
    assert!(table.is_old_form("contoso.visualstudio.com", &contoso));
    for host in [
        "other.visualstudio.com",
        "contoso.vsrm.visualstudio.com",
        "contoso.visualstudio.com.evil",
        "visualstudio.com",
    ] {
        assert!(!table.is_old_form(host, &contoso), "{host}");
    }
    Ok(())
}
