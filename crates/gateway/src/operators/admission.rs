//! Whom the OpenID provider of operators lets into the dashboard: those who are operators already, or those whom a claim
//! gives a role.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::identity::Profile;
use crate::operators::Role;

/// Who may come in, as configured.
#[derive(Debug, Clone)]
pub struct Admission {
    /// What the provider is called on the sign-in page.
    pub label: String,
    /// Whether every address that the provider names counts as verified.
    pub trusts_email: bool,
    /// What gives roles; absent: only operators come in, each with the role they have.
    pub roles: Option<RoleMap>,
    /// Whether operators may sign in with passwords as well.
    pub has_passwords: bool,
}

/// Roles by the values of a claim.
#[derive(Debug, Clone)]
pub struct RoleMap {
    /// Name of the claim: a text or a list of texts.
    pub claim: String,
    /// The role that each value gives.
    pub roles: BTreeMap<String, Role>,
}

/// Somebody who may come in.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Their address, in lower case.
    pub email: String,
    /// The role that they have from now on; absent: the one that they have as operator.
    pub role: Option<Role>,
}

/// Why somebody may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwelcome {
    /// The provider names no address, or one that cannot be an operator's.
    NoEmail,
    /// It does not say that the address is theirs.
    EmailNotVerified,
    /// The claim has no value that gives a role.
    NoRole,
}

impl Admission {
    /// Decides on somebody whom the provider has signed in.
    pub fn decide(&self, profile: &Profile) -> Result<Admitted, Unwelcome> {
        let given = profile.email.as_deref().unwrap_or_default().trim();
        let email = given.to_lowercase();
        // A few foreign letters become plain ones in lower case: that would be another address.
        if !email.contains('@') || email != given.to_ascii_lowercase() {
            return Err(Unwelcome::NoEmail);
        }
        let is_verified = profile.email_verified == Value::Bool(true);
        if !is_verified && !self.trusts_email {
            return Err(Unwelcome::EmailNotVerified);
        }
        let role = match &self.roles {
            Some(map) => Some(map.role_of(profile).ok_or(Unwelcome::NoRole)?),
            None => None,
        };
        Ok(Admitted { email, role })
    }

    /// What is needed and not in `profile`, so that the provider must be asked for it.
    pub fn is_incomplete(&self, profile: &Profile) -> bool {
        let roles = self.roles.as_ref();
        profile.email.is_none() || roles.is_some_and(|map| !profile.others.contains_key(&map.claim))
    }
}

impl RoleMap {
    /// The highest role that the claim gives.
    fn role_of(&self, profile: &Profile) -> Option<Role> {
        let values = match profile.others.get(&self.claim)? {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let texts = values.iter().filter_map(Value::as_str);
        texts.filter_map(|text| self.roles.get(text)).max().copied()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn admission(trusts_email: bool, has_roles: bool) -> Admission {
        let roles = [("staff", Role::Viewer), ("ops", Role::Admin)];
        Admission {
            label: "Example".into(),
            trusts_email,
            roles: has_roles.then(|| RoleMap {
                claim: "groups".into(),
                roles: roles.map(|(name, role)| (name.to_owned(), role)).into(),
            }),
            has_passwords: true,
        }
    }

    fn profile(claims: Value) -> Profile {
        let Value::Object(mut claims) = claims else {
            panic!("an object")
        };
        claims.insert("sub".into(), json!("1"));
        serde_json::from_value(claims.into()).expect("a profile")
    }

    #[test]
    fn an_address_counts_when_it_is_verified_or_the_issuer_is_trusted() {
        let decide = |trusts, claims| admission(trusts, false).decide(&profile(claims));
        let admitted = |role| Admitted {
            email: "ada@example.com".into(),
            role,
        };
        let verified = json!({ "email": " Ada@Example.com", "email_verified": true });
        assert_eq!(decide(false, verified), Ok(admitted(None)));
        for word in [json!(false), json!("true"), json!(1), json!(null)] {
            let claims = json!({ "email": "ada@example.com", "email_verified": word });
            let refused = Err(Unwelcome::EmailNotVerified);
            assert_eq!(decide(false, claims.clone()), refused, "{claims}");
            assert_eq!(decide(true, claims), Ok(admitted(None)));
        }
        // The last has the sign of the kelvin for its k.
        for email in [
            json!(null),
            json!(""),
            json!("ada"),
            json!("\u{212a}im@example.com"),
        ] {
            let claims = json!({ "email": email, "email_verified": true });
            assert_eq!(decide(true, claims), Err(Unwelcome::NoEmail), "{email}");
        }
    }

    #[test]
    fn the_claim_gives_the_highest_of_its_roles() {
        let role = |groups: Value| {
            let claims = json!({ "email": "a@b", "email_verified": true, "groups": groups });
            let decided = admission(false, true).decide(&profile(claims));
            decided.map(|admitted| admitted.role)
        };
        assert_eq!(role(json!(["staff", "ops", "x"])), Ok(Some(Role::Admin)));
        assert_eq!(role(json!("staff")), Ok(Some(Role::Viewer)));
        for none in [
            json!([]),
            json!(["Ops"]),
            json!({ "ops": 1 }),
            json!([["ops"]]),
        ] {
            assert_eq!(role(none.clone()), Err(Unwelcome::NoRole), "{none}");
        }
    }
}
