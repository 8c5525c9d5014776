//! Limits of the proxy.

use std::time::Duration;

/// How long and how much the proxy waits, keeps and repeats.
#[derive(Debug, Clone, Copy)]
pub struct ProxyLimits {
    /// From the last byte sent to the answer's headers.
    pub header_timeout: Duration,
    /// Between two pieces of a body, in either direction.
    pub idle_timeout: Duration,
    /// From a request body's first byte to its last, where it is kept.
    pub kept_body_timeout: Duration,
    /// The same, where it is streamed.
    pub upload_timeout: Duration,
    /// Largest request body.
    pub request_bytes: u64,
    /// Largest request body that is kept so that it can be sent again; larger ones are streamed.
    pub replay_bytes: usize,
    /// How often a request that only reads is repeated.
    pub max_retries: u32,
    /// Longest `Retry-After` that is waited for; longer ones go to the caller.
    pub longest_retry_wait: Duration,
    /// Wait before the first repetition without `Retry-After`; doubles each time.
    pub retry_backoff: Duration,
    /// Largest answer that is read whole (resource areas).
    pub rewritten_bytes: usize,
}

impl Default for ProxyLimits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(100),
            idle_timeout: Duration::from_mins(1),
            kept_body_timeout: Duration::from_mins(1),
            // The largest body at 80 kB a second.
            upload_timeout: Duration::from_mins(30),
            // Azure DevOps takes attachments of up to 130 MB.
            request_bytes: 136 << 20,
            replay_bytes: 256 << 10,
            max_retries: 2,
            longest_retry_wait: Duration::from_secs(5),
            retry_backoff: Duration::from_millis(200),
            rewritten_bytes: 4 << 20,
        }
    }
}
