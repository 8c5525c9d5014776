//! The directory that an organization belongs to, asked of Azure DevOps without a credential.
//!
//! A token of another directory is refused there, even a member's, so a sign-in has to go to this one.
//!
//! SECURITY: the host is the table's, and only the checked name of the organization goes into the path.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, USER_AGENT, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};

use super::ApiCallError;
use crate::clock::{Clock, Millis};
use crate::oauth::directory_id;
use crate::proxy::egress::{EgressClient, FetchLimits};
use crate::proxy::headers;
use paragon_azure_devops::{Alias, HostTable, Organization};

const RESOURCE_TENANT: HeaderName = HeaderName::from_static("x-vss-resourcetenant");
/// Directory that all personal accounts share: none in which an app can sign in.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// An organization can be moved to another directory.
const DIRECTORY_KEPT: Duration = Duration::from_hours(24);
/// It may be created, or connected to a directory, in the next minute.
const ABSENCE_KEPT: Duration = Duration::from_mins(2);
/// Answers that are kept at most.
const MOST_KEPT: usize = 4096;
/// The answer has no body.
const LIMITS: FetchLimits = FetchLimits {
    timeout: Duration::from_secs(10),
    body_bytes: 64 * 1024,
};

/// Where an organization belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directory {
    /// To the directory with this ID.
    Tenant(String),
    /// To none: it is backed by personal accounts.
    None,
    /// There is no such organization.
    NoOrganization,
}

/// Finds directories, and keeps what was found for a while.
#[derive(Debug)]
pub struct Directories {
    clock: Clock,
    kept: Mutex<HashMap<String, (Directory, Millis)>>,
}

impl Directories {
    /// Nothing is known yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    /// The directory of `organization`.
    ///
    /// # Errors
    /// [`ApiCallError`] where the service gives no answer that says it.
    pub async fn find(
        &self,
        client: &EgressClient,
        hosts: &HostTable,
        organization: &Organization,
    ) -> Result<Directory, ApiCallError> {
        let name = organization.as_str().to_ascii_lowercase();
        if let Some(known) = self.known(&name) {
            return Ok(known);
        }
        let found = ask(client, hosts, organization).await?;
        self.keep(name, found.clone());
        Ok(found)
    }

    fn known(&self, name: &str) -> Option<Directory> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, until) = kept.get(name)?;
        (self.clock.now() < *until).then(|| found.clone())
    }

    fn keep(&self, name: String, found: Directory) {
        let life = match found {
            Directory::Tenant(_) => DIRECTORY_KEPT,
            Directory::None | Directory::NoOrganization => ABSENCE_KEPT,
        };
        let (now, until) = (self.clock.now(), self.clock.in_future(life));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, (_, until)| *until > now);
        }
        // All of them still count: the one that would have ended first makes room.
        if kept.len() >= MOST_KEPT {
            let first = kept.iter().min_by_key(|(_, (_, until))| *until);
            if let Some(first) = first.map(|(name, _)| name.clone()) {
                kept.remove(&first);
            }
        }
        kept.insert(name, (found, until));
    }
}

async fn ask(
    client: &EgressClient,
    hosts: &HostTable,
    organization: &Organization,
) -> Result<Directory, ApiCallError> {
    let base = hosts.base(Alias::Dev);
    let uri = base.and_then(|base| base.uri(&format!("/{organization}")));
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::HEAD;
    *request.uri_mut() = uri.ok_or(ApiCallError::HostClosed {
        alias: Alias::Dev.as_str(),
    })?;
    let sent = request.headers_mut();
    sent.insert(ACCEPT, HeaderValue::from_static("application/json"));
    sent.insert(USER_AGENT, HeaderValue::from_static(headers::GATEWAY_AGENT));
    sent.insert(
        headers::FED_AUTH_REDIRECT,
        HeaderValue::from_static("Suppress"),
    );
    let answer = client.fetch(request, LIMITS).await?;
    read(answer.status(), answer.headers())
}

/// SECURITY: the service's answer becomes part of an address, so that only a GUID is taken from it.
fn read(status: StatusCode, answer: &HeaderMap) -> Result<Directory, ApiCallError> {
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Err(ApiCallError::Unavailable {
            status: status.as_u16(),
            retry_after_s: headers::retry_after(answer).map(|wait| wait.as_secs()),
        });
    }
    let named = |name: HeaderName| {
        let values = answer.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok())
    };
    let tenants = named(RESOURCE_TENANT).flat_map(|value| value.split(','));
    let tenants: Vec<&str> = tenants.map(str::trim).collect();
    let authorities = named(WWW_AUTHENTICATE).filter_map(authority);
    let mut ids = tenants.iter().copied().chain(authorities);
    if let Some(id) = ids.find_map(|id| directory_id(id).filter(|id| id != PERSONAL)) {
        return Ok(Directory::Tenant(id));
    }
    if status == StatusCode::NOT_FOUND {
        return Ok(Directory::NoOrganization);
    }
    if tenants.is_empty() {
        return Err(ApiCallError::Unexpected {
            status: status.as_u16(),
        });
    }
    Ok(Directory::None)
}

/// The last part of the address in `Bearer authorization_uri=https://login.microsoftonline.com/{directory}`.
fn authority(challenge: &str) -> Option<&str> {
    let (_, address) = challenge.split_once("authorization_uri=")?;
    let address = address.split([',', ' ']).next()?.trim_matches('"');
    address.rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const ZERO: &str = "00000000-0000-0000-0000-000000000000";

    fn answer(status: u16, headers: &[(HeaderName, &str)]) -> Result<Directory, ApiCallError> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().expect("a value"));
        }
        read(StatusCode::from_u16(status).expect("a status"), &map)
    }

    fn tenant(value: &str) -> Directory {
        answer(401, &[(RESOURCE_TENANT, value)]).expect("an answer")
    }

    #[test]
    fn a_directory_is_read_from_either_header() {
        let found = Directory::Tenant(ID.to_owned());
        assert_eq!(tenant(ID), found);
        assert_eq!(tenant(&ID.to_uppercase()), found);
        assert_eq!(tenant(&format!("{ZERO}, {ID}")), found);
        let challenge = format!("Bearer authorization_uri=https://login.microsoftonline.com/{ID}");
        let read = answer(
            401,
            &[
                (WWW_AUTHENTICATE, "Basic realm=x"),
                (WWW_AUTHENTICATE, &challenge),
            ],
        );
        assert_eq!(read.expect("an answer"), found);
    }

    #[test]
    fn what_is_no_directory_never_becomes_one() {
        for value in [
            ZERO,
            PERSONAL,
            "",
            "common",
            "../x",
            "{72f988bf-86f1-41af-91ab-2d7cd011db47}",
        ] {
            assert_eq!(tenant(value), Directory::None, "{value}");
        }
        assert_eq!(
            answer(404, &[]).expect("an answer"),
            Directory::NoOrganization
        );
        assert!(answer(302, &[]).is_err() && answer(200, &[]).is_err());
        for status in [429, 500, 503] {
            assert!(
                answer(status, &[(RESOURCE_TENANT, ID)]).is_err(),
                "{status}"
            );
        }
    }

    #[test]
    fn answers_are_kept_for_a_day_and_within_bounds() {
        let now = Arc::new(AtomicI64::new(0));
        let clock = {
            let now = Arc::clone(&now);
            Clock::from_fn(move || now.load(Ordering::SeqCst))
        };
        let directories = Directories::new(clock);
        directories.keep("absent".into(), Directory::NoOrganization);
        directories.keep("first".into(), Directory::Tenant(ID.into()));
        assert!(directories.known("absent").is_some() && directories.known("first").is_some());
        now.store(121_000, Ordering::SeqCst);
        assert!(directories.known("absent").is_none() && directories.known("first").is_some());
        for number in 0..MOST_KEPT + 5 {
            directories.keep(number.to_string(), Directory::Tenant(ID.into()));
        }
        let kept = directories.kept.lock().expect("no panic").len();
        assert!(kept <= MOST_KEPT, "{kept}");
        assert!(directories.known("first").is_none(), "it made room");
        now.store(121_000 + 24 * 3600 * 1000, Ordering::SeqCst);
        assert!(directories.known("9").is_none());
    }
}
