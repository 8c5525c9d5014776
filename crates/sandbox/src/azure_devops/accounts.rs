//! The profile host: who am I, and which organizations can I reach.

use serde_json::{Value, json};
use uuid::Uuid;

use super::call::Caller;
use super::errors::{ApiError, bad_argument, vss};
use super::query::Query;
use super::reply::Reply;
use super::{VSSPS, scopes};
use crate::Inner;

/// `GET /_apis/profile/profiles/{me or id}`
pub(crate) fn profile(inner: &Inner, caller: &Caller, who: &str) -> Result<Reply, ApiError> {
    need_profile(caller)?;
    if who != "me" && Uuid::try_parse(who).ok() != Some(caller.person) {
        return Err(vss(
            404,
            "ProfileDoesNotExistException",
            "VS403367: The profile does not exist or you may not read it.",
        ));
    }
    let state = inner.read();
    let person = state
        .person(caller.person)
        .ok_or_else(|| bad_argument("The profile does not exist."))?;
    Ok(Reply::ok(json!({
        "displayName": person.name, "publicAlias": person.id, "emailAddress": person.mail, "coreRevision": 31,
        "timeStamp": "2026-10-02T08:11:45.113Z", "id": person.id, "revision": 31,
    })))
}

/// `GET /_apis/accounts?memberId=`
pub(crate) fn accounts(inner: &Inner, caller: &Caller, query: &Query) -> Result<Reply, ApiError> {
    need_profile(caller)?;
    let asked = query.get("memberid").or_else(|| query.get("ownerid"));
    let asked = asked.ok_or_else(|| bad_argument("Either memberId or ownerId must be given."))?;
    if Uuid::try_parse(asked).ok() != Some(caller.person) {
        return Err(vss(
            403,
            "AccessCheckException",
            "VS403283: You may only list your own accounts.",
        ));
    }
    let state = inner.read();
    let mine = state.organizations.values().filter(|organization| {
        organization.members.contains(&caller.person)
            && caller
                .directory
                .is_none_or(|id| id == organization.directory)
    });
    let rows = mine.map(|organization| {
        json!({"accountId": organization.id, "accountUri": inner.url(VSSPS, &format!("/{}/", organization.name)),
            "accountName": organization.name, "properties": {}})
    });
    Ok(Reply::list(rows.collect::<Vec<Value>>()))
}

fn need_profile(caller: &Caller) -> Result<(), ApiError> {
    if scopes::covers(&caller.permissions, &["vso.profile"]) {
        Ok(())
    } else {
        Err(ApiError::MissingScope)
    }
}
