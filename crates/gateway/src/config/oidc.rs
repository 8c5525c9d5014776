//! The OpenID provider of operators, checked.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;
use url::Url;

use super::file::OidcConfig;
use crate::loopback::is_private;
use crate::oauth::OidcSettings;
use crate::operators::Role;
use crate::operators::admission::{Admission, RoleMap};

/// Longest text of the button.
const MAX_LABEL_CHARS: usize = 40;

/// Checks every value.
pub(super) fn check_oidc(
    config: &OidcConfig,
    problems: &mut Vec<String>,
) -> Option<(OidcSettings, Admission)> {
    let before = problems.len();
    let issuer = check_issuer(&config.issuer, problems);
    for (name, is_blank) in [
        ("client_id", config.client_id.trim().is_empty()),
        (
            "client_secret",
            config.client_secret.expose_secret().trim().is_empty(),
        ),
    ] {
        if is_blank {
            problems.push(format!(
                "`oidc.{name}` is missing: the issuer provides it when you register the gateway"
            ));
        }
    }
    if !config.scopes.iter().any(|scope| scope == "openid") {
        problems.push(
            "`oidc.scopes` must have `openid`, such as [\"openid\", \"email\", \"profile\"]".into(),
        );
    }
    let label = config.label.as_deref().map(str::trim);
    if label.is_some_and(|label| {
        label.is_empty()
            || label.chars().count() > MAX_LABEL_CHARS
            || label.chars().any(char::is_control)
    }) {
        problems.push(format!(
            "`oidc.label` is shown on the button after `Sign in with`: write 1 to {MAX_LABEL_CHARS} characters, such as Contoso"
        ));
    }
    let roles = check_roles(config, problems);
    let host = issuer.as_ref()?.host_str()?;
    if problems.len() > before {
        return None;
    }
    let settings = OidcSettings {
        issuer: config.issuer.clone(),
        client_id: config.client_id.trim().to_owned(),
        client_secret: config.client_secret.clone(),
        scopes: config.scopes.clone(),
    };
    let admission = Admission {
        label: label.unwrap_or(host).to_owned(),
        trusts_email: config.trust_email,
        roles,
        has_passwords: config.passwords,
    };
    Some((settings, admission))
}

/// By https, so that nobody in between can pass for the issuer; on this machine there is nobody in between.
fn check_issuer(text: &str, problems: &mut Vec<String>) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| {
        let is_plain = url.query().is_none() && url.fragment().is_none();
        is_private(url) && is_plain && url.username().is_empty() && url.password().is_none()
    });
    if url.is_none() {
        problems.push(format!(
            "`oidc.issuer` is `{text}`: write the https address given as `issuer` in its `/.well-known/openid-configuration`"
        ));
    }
    url
}

fn check_roles(config: &OidcConfig, problems: &mut Vec<String>) -> Option<RoleMap> {
    let claim = config.roles_claim.as_deref().unwrap_or_default().trim();
    if claim.is_empty() != config.roles.is_empty() {
        problems.push("`oidc.roles_claim` and `oidc.roles` go together, such as roles_claim = \"groups\" and roles = { \"gateway-admins\" = \"admin\" }".into());
    }
    let mut roles = BTreeMap::new();
    for (value, name) in &config.roles {
        match [Role::Viewer, Role::Editor, Role::Admin]
            .into_iter()
            .find(|role| role.as_str() == name)
        {
            Some(role) => drop(roles.insert(value.clone(), role)),
            None => problems.push(format!(
                "`oidc.roles` gives `{value}` the role `{name}`: write viewer, editor or admin"
            )),
        }
    }
    (!claim.is_empty()).then(|| RoleMap {
        claim: claim.to_owned(),
        roles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(toml: &str) -> Result<(OidcSettings, Admission), String> {
        use figment::providers::{Format as _, Toml};
        let config: OidcConfig = figment::Figment::from(Toml::string(toml))
            .extract()
            .map_err(|error| error.to_string())?;
        let mut problems = Vec::new();
        check_oidc(&config, &mut problems).ok_or_else(|| problems.join("\n"))
    }

    const GOOD: &str = "issuer = \"https://id.example.com/\"\nclient_id = \"gateway\"\nclient_secret = \"canary\"\n";

    #[test]
    fn what_is_left_out_is_the_careful_choice() {
        let (settings, admission) = checked(GOOD).expect("good");
        assert_eq!(settings.issuer, "https://id.example.com/", "as written");
        assert_eq!(admission.label, "id.example.com");
        assert!(!admission.trusts_email && admission.roles.is_none() && admission.has_passwords);
        assert!(!format!("{settings:?}").contains("canary"));
        for local in [
            "http://localhost:4000",
            "http://127.0.0.1:4000/x",
            "http://[::1]:4000",
        ] {
            let text = GOOD.replace("https://id.example.com/", local);
            assert!(checked(&text).is_ok(), "{local}");
        }
    }

    #[test]
    fn wrong_values_are_named() {
        let all = checked("").expect_err("nothing is there");
        for name in ["`oidc.issuer`", "`oidc.client_id`", "`oidc.client_secret`"] {
            assert!(all.contains(name), "{name} in {all}");
        }
        for issuer in [
            "id.example.com",
            "http://id.example.com",
            "https://a:b@c",
            "https://a?b",
        ] {
            let text = GOOD.replace("https://id.example.com/", issuer);
            let problem = checked(&text).expect_err("not safe");
            assert!(
                problem.contains(&format!("`oidc.issuer` is `{issuer}`")),
                "{problem}"
            );
        }
        for (more, expected) in [
            ("label = \" \"", "`oidc.label`"),
            ("scopes = [\"email\"]", "`oidc.scopes` must have `openid`"),
            ("roles_claim = \"groups\"", "go together"),
            ("roles = { ops = \"admin\" }", "go together"),
            (
                "roles_claim = \"groups\"\nroles = { ops = \"root\" }",
                "gives `ops` the role `root`",
            ),
            ("isuer = \"x\"", "isuer"),
        ] {
            let problem = checked(&format!("{GOOD}{more}")).expect_err(more);
            assert!(problem.contains(expected), "{problem}");
        }
    }
}
