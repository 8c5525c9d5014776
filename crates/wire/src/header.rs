//! Names of the HTTP headers both sides use (lower case, as HTTP/2 sends them).

/// Version of the SDK that sends the request.
pub const SDK_VERSION: &str = "x-paragon-sdk-version";
/// Credential a call is for: a UUID, `ext:{externalId}` or a plain external id.
pub const CREDENTIAL: &str = "x-paragon-credential";
/// Credential configuration a call is for.
pub const CONFIGURATION: &str = "x-paragon-configuration-id";
/// Present: the proxy answers with the provider's body as it came, without the `output` envelope.
pub const USE_RAW_RESPONSE: &str = "x-paragon-use-raw-response";
/// Id of one request, given back on every answer and written in every log line about it.
pub const REQUEST_ID: &str = "x-request-id";
