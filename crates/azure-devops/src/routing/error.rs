//! Why a path is refused: what was wrong and what would be right.

/// Why a path is refused. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutingError {
    /// A control character, raw or escaped.
    #[error("the path contains a control character; escape it in the query or leave it out")]
    ControlCharacter,
    /// A raw `\`.
    #[error("the path contains a backslash; write `/` between segments and `%5C` inside one")]
    Backslash,
    /// A raw `#`.
    #[error("the path contains `#`; fragments are not sent, write `%23` inside a segment or value")]
    Fragment,
    /// Characters outside ASCII.
    #[error("the path contains characters outside ASCII; escape them as UTF-8 (`%C3%A9`)")]
    NotAscii,
    /// `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error(
        "the path contains an escape that is not UTF-8; write `%` as `%25` and other bytes as escaped UTF-8"
    )]
    BadEncoding,
    /// `.` or `..`, in any disguise.
    #[error("the path contains a `.` or `..` segment; write the path without it")]
    DotSegment,
    /// `%2F` where the path's target is decided.
    #[error("one of the first three segments contains an escaped `/`; only later segments may")]
    EncodedSlash,
    /// `//…`.
    #[error("the path begins with `//`; it must begin with one `/` and a name")]
    EmptySegment,
    /// Bytes that cannot stand in a request line.
    #[error("the path cannot be sent as it is; escape blanks, quotes and angle brackets")]
    Malformed,
    /// An absolute URL with another scheme.
    #[error("an absolute URL must begin with `{expected}://`")]
    Scheme {
        /// The scheme of the table's hosts.
        expected: String,
    },
    /// `user@host`.
    #[error("an absolute URL must not contain a user name or password")]
    UserInfo,
    /// A host or port that is not in the table.
    #[error(
        "host `{host}` is not one of the integration's hosts; use a relative path such as `/projects`"
    )]
    Host {
        /// Host as the caller wrote it, shortened.
        host: String,
    },
    /// An alias that is not in the table.
    #[error("`_hosts/{alias}` is unknown; valid aliases are {known}")]
    UnknownAlias {
        /// Alias as the caller wrote it, shortened.
        alias: String,
        /// The aliases there are.
        known: String,
    },
    /// Another organization, or none.
    #[error(
        "the credential is for organization `{expected}`; the path must name it or omit the organization"
    )]
    OtherOrganization {
        /// The credential's organization.
        expected: String,
    },
    /// A path that a host without organizations does not open.
    #[error("on host `{alias}` only paths below {allowed} are allowed")]
    ClosedPath {
        /// Alias of the host.
        alias: &'static str,
        /// What is open.
        allowed: String,
    },
    /// `/_git/…` and the like.
    #[error(
        "a path that begins with `_` is a web page; the REST API begins with `/_apis` or `/{{project}}/_apis`"
    )]
    WebPage,
}
