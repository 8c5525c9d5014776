//! Identities as they stand in answers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEV, VSSPS};
use crate::Inner;
use crate::directory::Person;
use crate::state::State;

/// The identity object of a person; `null` for somebody unknown.
pub(crate) fn object(inner: &Inner, state: &State, organization: &str, person: Uuid) -> Value {
    state
        .person(person)
        .map_or(Value::Null, |person| of_person(inner, organization, person))
}

fn of_person(inner: &Inner, organization: &str, person: &Person) -> Value {
    let descriptor = format!("aad.{}", URL_SAFE_NO_PAD.encode(person.id.to_string()));
    let avatar = inner.url(
        DEV,
        &format!("/{organization}/_apis/GraphProfile/MemberAvatars/{descriptor}"),
    );
    json!({
        "displayName": person.name,
        "url": inner.url(VSSPS, &format!("/{organization}/_apis/Identities/{}", person.id)),
        "_links": {"avatar": {"href": avatar}},
        "id": person.id,
        "uniqueName": person.mail,
        "imageUrl": avatar,
        "descriptor": descriptor,
    })
}
