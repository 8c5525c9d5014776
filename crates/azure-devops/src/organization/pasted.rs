//! The organization that a person means by what they pasted: a URL from the browser or of a repository, or its name.

use super::Organization;

/// Longest text that is read, in bytes: addresses in Azure DevOps are shorter.
pub const MAX_BYTES: usize = 2048;

/// Domain of the hosts that begin their paths with the organization.
const NEW_DOMAIN: &str = "dev.azure.com";
/// Domain in which each organization has a host of its own.
const OLD_DOMAIN: &str = ".visualstudio.com";
/// Hosts of the old domain that belong to the service, not to an organization.
const SERVICE_LABELS: [&str; 8] = [
    "aex",
    "app",
    "login",
    "marketplace",
    "my",
    "sps",
    "vs-ssh",
    "www",
];

/// Why no organization could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PastedError {
    /// Nothing was entered.
    #[error("enter the name or the URL of an organization")]
    Empty,
    /// The text is no address that anybody has.
    #[error("this is too long to be the URL of an organization")]
    TooLong,
    /// An address of something else.
    #[error("this is not a URL of Azure DevOps; enter one such as https://dev.azure.com/contoso")]
    OtherHost,
    /// An address of the service itself.
    #[error("this URL names no organization; enter one such as https://dev.azure.com/contoso")]
    NoOrganization,
    /// Neither a URL nor a name.
    #[error(
        "this is neither a URL nor the name of an organization; names have 1 to 50 letters, digits or hyphens"
    )]
    NoName,
}

impl Organization {
    /// Reads the organization from any URL of it, of `git` too, or from its bare name.
    ///
    /// SECURITY: only the name is taken from the text. Whoever looks the organization up asks the hosts of
    /// [`HostTable`](crate::HostTable), never one that the text names.
    ///
    /// # Errors
    /// [`PastedError`].
    pub fn from_pasted(text: &str) -> Result<Self, PastedError> {
        if text.len() > MAX_BYTES {
            return Err(PastedError::TooLong);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(PastedError::Empty);
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        if let Some(scheme) = &scheme
            && !matches!(scheme.as_str(), "https" | "http" | "ssh")
        {
            return Err(PastedError::OtherHost);
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if scheme.is_none() && rest.bytes().all(is_name) {
            return Self::new(rest).map_err(|_| PastedError::NoName);
        }
        let (authority, path) = split_authority(rest);
        let host = host_of(authority).ok_or(if scheme.is_some() {
            PastedError::OtherHost
        } else {
            PastedError::NoName
        })?;
        let is_address = scheme.is_some() || host.contains('.');
        of_host(&host, path).ok_or(if is_address {
            problem_of(&host)
        } else {
            PastedError::NoName
        })
    }
}

/// Authority and path; `git` writes `host:v3/…` without a scheme, and both parts end at a query.
fn split_authority(rest: &str) -> (&str, &str) {
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(at);
    // `git@ssh.dev.azure.com:v3/contoso/…`: what follows the colon is a path unless it is a port.
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    match authority[host..].find(':') {
        Some(colon) if authority[host + colon + 1..].starts_with("v3") => {
            (&authority[..host + colon], &rest[host + colon + 1..])
        }
        _ => (authority, path),
    }
}

/// The host in lower case, without user name and port.
fn host_of(authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.split_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (!host.is_empty() && host.bytes().all(is_host)).then_some(host)
}

fn of_host(host: &str, path: &str) -> Option<Organization> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    if is_new(host) {
        let first = segments.next()?;
        // Of `git` over SSH.
        let first = if first.eq_ignore_ascii_case("v3") && host.starts_with("ssh.") {
            segments.next()?
        } else {
            first
        };
        return Organization::new(first).ok();
    }
    let labels = host.strip_suffix(OLD_DOMAIN)?;
    if labels == "vs-ssh" {
        // `contoso@vs-ssh.visualstudio.com:v3/contoso/…`
        return Organization::new(segments.nth(1)?).ok();
    }
    let label = labels.split('.').next()?;
    if SERVICE_LABELS.contains(&label) || label.starts_with("spsprod") {
        return None;
    }
    Organization::new(label).ok()
}

fn is_new(host: &str) -> bool {
    host == NEW_DOMAIN
        || host
            .strip_suffix(NEW_DOMAIN)
            .is_some_and(|label| label.ends_with('.'))
}

fn problem_of(host: &str) -> PastedError {
    if is_new(host) || host.ends_with(OLD_DOMAIN) {
        PastedError::NoOrganization
    } else {
        PastedError::OtherHost
    }
}

#[cfg(test)]
mod tests;
