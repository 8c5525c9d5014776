//! R1 to R7: each path and where it leads.

use super::*;

#[test]
fn r1_takes_absolute_urls_of_the_organization() {
    let cases = [
        (
            "https://dev.azure.com/contoso/_apis/projects?a=b",
            "https://dev.azure.com/contoso/_apis/projects?a=b",
        ),
        (
            "/https://dev.azure.com/CONTOSO/P/_apis/wit/workItems/1",
            "https://dev.azure.com/contoso/P/_apis/wit/workItems/1",
        ),
        (
            "HTTPS://Dev.Azure.Com:443/contoso/_apis",
            "https://dev.azure.com/contoso/_apis",
        ),
        (
            "https://vsrm.dev.azure.com/contoso/P/_apis/release",
            "https://vsrm.dev.azure.com/contoso/P/_apis/release",
        ),
        (
            "https://contoso.visualstudio.com/P/_apis/wit/fields",
            "https://dev.azure.com/contoso/P/_apis/wit/fields",
        ),
        (
            "https://Contoso.VisualStudio.com",
            "https://dev.azure.com/contoso",
        ),
        (
            "https://dev.azure.com/contoso",
            "https://dev.azure.com/contoso",
        ),
        (
            "https://dev.azure.com/contoso?x=1",
            "https://dev.azure.com/contoso?x=1",
        ),
        (
            "https://app.vssps.visualstudio.com/_apis/profile/profiles/me",
            "https://app.vssps.visualstudio.com/_apis/profile/profiles/me",
        ),
        (
            "https://app.vssps.visualstudio.com/_apis/accounts?memberId=1",
            "https://app.vssps.visualstudio.com/_apis/accounts?memberId=1",
        ),
        (
            "https://status.dev.azure.com/_apis/status/health",
            "https://status.dev.azure.com/_apis/status/health",
        ),
    ];
    for (path, uri) in cases {
        leads(path, uri);
    }
}

#[test]
fn r1_refuses_other_schemes() {
    let scheme = RoutingError::Scheme {
        expected: "https".to_owned(),
    };
    for path in [
        "http://dev.azure.com/contoso/_apis",
        "/http://dev.azure.com/contoso",
        "ftp://dev.azure.com/contoso",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https:/dev.azure.com/contoso",
        "https:dev.azure.com/contoso",
        "://dev.azure.com/contoso",
        "C:/contoso",
        "ws://dev.azure.com/contoso",
    ] {
        refused(path, &scheme);
    }
}

#[test]
fn r1_refuses_other_hosts() {
    for host in [
        "evil.example",
        "dev.azure.com.evil.example",
        "evil-dev.azure.com",
        "dev.azure.com.",
        "xdev.azure.com",
        "dev.azure.com:444",
        "dev.azure.com:80",
        "dev.azure.com:+443",
        "dev.azure.com:",
        "dev.azure.com:0443443",
        "[::1]",
        "[::ffff:127.0.0.1]:443",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "169.254.169.254",
        "localhost",
        "",
        "vstoken.dev.azure.com",
        "vssh.dev.azure.com",
        "visualstudio.com",
        "contoso.vsrm.visualstudio.com",
        "dev%2eazure.com",
        "dev.azure.com%00",
        "dev.azure.com%2f@x",
        "spsprodeus1.vssps.visualstudio.com",
        "login.microsoftonline.com",
        "contoso.visualstudio.com:8443",
    ] {
        let result = microsoft(&format!("https://{host}/contoso/_apis/projects"));
        assert!(
            matches!(
                result,
                Err(RoutingError::Host { .. }
                    | RoutingError::UserInfo
                    | RoutingError::ControlCharacter)
            ),
            "{host}: {result:?}"
        );
    }
}

#[test]
fn r1_refuses_user_info() {
    for authority in [
        "user@dev.azure.com",
        "dev.azure.com@evil.example",
        "a:b@dev.azure.com",
        "@dev.azure.com",
        "dev.azure.com:443@evil.example",
    ] {
        refused(
            &format!("https://{authority}/contoso/_apis"),
            &RoutingError::UserInfo,
        );
    }
}

#[test]
fn no_rule_leaves_the_organization() {
    let other = RoutingError::OtherOrganization {
        expected: "contoso".to_owned(),
    };
    for path in [
        "https://dev.azure.com/fabrikam/_apis/projects",
        "https://dev.azure.com/",
        "https://dev.azure.com",
        "https://dev.azure.com?contoso",
        "https://dev.azure.com//contoso/_apis",
        "https://dev.azure.com/contoso2/_apis",
        "https://dev.azure.com/%63ontoso/_apis",
        "https://dev.azure.com/contoso;x/_apis",
        "https://fabrikam.visualstudio.com/_apis/projects",
        "/_hosts/dev/fabrikam/_apis",
        "/_hosts/dev",
        "/_hosts/dev/",
        "/_hosts/dev//contoso",
        "/_hosts/vssps/_apis/graph",
        "https://vssps.dev.azure.com/_apis/profile/profiles/me",
    ] {
        refused(path, &other);
    }
}

#[test]
fn r2_names_hosts_by_alias() {
    for alias in Alias::ALL
        .iter()
        .filter(|alias| alias.scope() == Scope::Organization)
    {
        let path = format!("/_hosts/{}/Contoso/P/_apis/x%5Cy?q='a'", alias.as_str());
        leads(
            &path,
            &format!("https://{}/contoso/P/_apis/x%5Cy?q='a'", alias.hostname()),
        );
    }
    leads("/_hosts/dev/contoso/", "https://dev.azure.com/contoso/");
    leads(
        "/_hosts/app/_apis/profile/profiles/me?x=1",
        "https://app.vssps.visualstudio.com/_apis/profile/profiles/me?x=1",
    );
    leads(
        "/_hosts/app/_apis/accounts?memberId=1",
        "https://app.vssps.visualstudio.com/_apis/accounts?memberId=1",
    );
    leads(
        "/_hosts/status/_apis/status/health",
        "https://status.dev.azure.com/_apis/status/health",
    );
}

#[test]
fn r2_refuses_unknown_aliases() {
    for alias in [
        "",
        "vstoken",
        "DEV",
        "dev.azure.com",
        "%64ev",
        "evil.example",
        "dev:443",
        "dev@x",
    ] {
        let result = microsoft(&format!("/_hosts/{alias}/contoso/_apis"));
        assert!(
            matches!(result, Err(RoutingError::UnknownAlias { .. })),
            "{alias}: {result:?}"
        );
    }
    assert!(matches!(
        microsoft("/_hosts"),
        Err(RoutingError::UnknownAlias { .. })
    ));
}

#[test]
fn hosts_without_organizations_open_only_their_own_paths() {
    for path in [
        "/_hosts/app/_apis/tokens/pats",
        "/_hosts/app/_apis/profiles",
        "/_hosts/app/_apis/accountsx",
        "/_hosts/app/",
        "/_hosts/app",
        "/_hosts/app/contoso/_apis/profile/x",
        "https://app.vssps.visualstudio.com/oauth2/token",
        "https://app.vssps.visualstudio.com",
        "/_hosts/app/_APIS/profile/x",
        "/_hosts/status/",
        "/_hosts/app/_apis/%70rofile/x",
    ] {
        assert!(
            matches!(microsoft(path), Err(RoutingError::ClosedPath { .. })),
            "{path}: {:?}",
            microsoft(path)
        );
    }
}

#[test]
fn public_pages_get_no_credential() {
    let needs = |path: &str| {
        route(&HostTable::microsoft(), &contoso(), path).map(|target| target.needs_credential)
    };
    assert_eq!(needs("/_hosts/status/_apis/status/health"), Ok(false));
    assert_eq!(needs("/_hosts/app/_apis/profile/profiles/me"), Ok(true));
    assert_eq!(needs("/projects"), Ok(true));
}

#[test]
fn r3_to_r7_stay_on_dev() {
    let cases = [
        (
            "/_apis/projects?api-version=7.1",
            "/_apis/projects?api-version=7.1",
        ),
        ("_apis", "/_apis"),
        ("/_APIS/wit/fields", "/_APIS/wit/fields"),
        (
            "/Fabrikam/_apis/wit/wiql?api-version=7.1",
            "/Fabrikam/_apis/wit/wiql?api-version=7.1",
        ),
        (
            "/Fab%20rikam/My%20Team/_apis/wit/wiql",
            "/Fab%20rikam/My%20Team/_apis/wit/wiql",
        ),
        ("/Fabrikam//_apis/wit/wiql", "/Fabrikam//_apis/wit/wiql"),
        ("/contoso/_apis/wit/fields", "/contoso/_apis/wit/fields"),
        ("/_odd/_apis/wit/fields", "/_odd/_apis/wit/fields"),
        (
            "/projects?api-version=5.0",
            "/_apis/projects?api-version=5.0",
        ),
        ("projects", "/_apis/projects"),
        (
            "/wit/workitems/12?api-version=7.1",
            "/_apis/wit/workitems/12?api-version=7.1",
        ),
        (
            "/P/_apis/wit/workitems/$User%20Story",
            "/P/_apis/wit/workitems/$User%20Story",
        ),
        (
            "/P/_apis/wit/workitems/%24Bug?validateOnly=true",
            "/P/_apis/wit/workitems/%24Bug?validateOnly=true",
        ),
        (
            "/P/_apis/wit/classificationNodes/Areas/A%5CB/C%2FD",
            "/P/_apis/wit/classificationNodes/Areas/A%5CB/C%2FD",
        ),
        (
            "/P/_apis/git/items?path=/a/../b&x=%00%2f..",
            "/P/_apis/git/items?path=/a/../b&x=%00%2f..",
        ),
        ("/a/b/c/_apis", "/_apis/a/b/c/_apis"),
        (
            "/projects?url=https://evil.example/",
            "/_apis/projects?url=https://evil.example/",
        ),
        ("/wit/tags/a...b", "/_apis/wit/tags/a...b"),
        ("/wit/tags/100%25", "/_apis/wit/tags/100%25"),
        ("/a@evil.example/_apis", "/a@evil.example/_apis"),
        ("/evil.example", "/_apis/evil.example"),
        ("", "/_apis"),
        ("/", "/_apis"),
        ("?api-version=7.1", "/_apis?api-version=7.1"),
        ("/?", "/_apis?"),
    ];
    for (path, rest) in cases {
        leads(path, &format!("https://dev.azure.com/contoso{rest}"));
    }
}

#[test]
fn the_path_behind_the_organization_is_given_apart() {
    let path =
        |path: &str| route(&HostTable::microsoft(), &contoso(), path).map(|target| target.path);
    assert_eq!(path("/projects?a=b").as_deref(), Ok("/_apis/projects"));
    assert_eq!(
        path("https://dev.azure.com/contoso/P/_apis/x?y").as_deref(),
        Ok("/P/_apis/x")
    );
    assert_eq!(
        path("/_hosts/app/_apis/accounts?y").as_deref(),
        Ok("/_apis/accounts")
    );
}

#[test]
fn r5_refuses_web_pages() {
    for path in [
        "/_git/repo",
        "/_signout",
        "/_",
        "/%5Fsignout",
        "/%255Fsignout",
        "/__x",
        "/_settings/a/b/_apis",
        "/_apisx/y",
        "/_hostsx/dev",
    ] {
        refused(path, &RoutingError::WebPage);
    }
}

#[test]
fn an_empty_first_segment_is_refused() {
    for path in [
        "//evil.example/_apis",
        "//",
        "///x",
        "//dev.azure.com/contoso",
        "///_apis/x",
    ] {
        refused(path, &RoutingError::EmptySegment);
    }
}

#[test]
fn the_simulator_replaces_the_whole_table() {
    let table = simulator();
    let go = |path: &str| route(&table, &contoso(), path).map(|target| target.uri.to_string());
    let base = "http://localhost:4401";
    assert_eq!(
        go("/projects"),
        Ok(format!("{base}/dev.azure.com/contoso/_apis/projects"))
    );
    assert_eq!(
        go("/_hosts/app/_apis/accounts"),
        Ok(format!("{base}/app.vssps.visualstudio.com/_apis/accounts"))
    );
    let own = format!("{base}/vsrm.dev.azure.com/contoso/_apis/x");
    assert_eq!(go(&own), Ok(own));
    for path in [
        "https://dev.azure.com/contoso/_apis",
        "https://contoso.visualstudio.com/_apis",
    ] {
        assert_eq!(
            go(path),
            Err(RoutingError::Scheme {
                expected: "http".to_owned()
            })
        );
    }
    for path in [
        "/login.microsoftonline.com/x",
        "/dev.azure.comx/contoso/_apis",
        "/contoso/_apis",
        "",
    ] {
        assert!(
            matches!(go(&format!("{base}{path}")), Err(RoutingError::Host { .. })),
            "{path}"
        );
    }
    assert!(matches!(
        go("http://localhost:4400/dev.azure.com/contoso/_apis"),
        Err(RoutingError::Host { .. })
    ));
    assert!(matches!(
        go("http://localhost/dev.azure.com/contoso/_apis"),
        Err(RoutingError::Host { .. })
    ));
    assert!(matches!(
        go(&format!("{base}/dev.azure.com/fabrikam/_apis")),
        Err(RoutingError::OtherOrganization { .. })
    ));
}
