//! How many files the system lets this process have open.

use super::ConnectionLimits;

/// What database, provider and files need at least.
const OWN_LEAST: usize = 64;
/// More helps nobody here, and some systems name numbers without end.
const MOST: u64 = 65_536;

/// Takes what the system allows: what it gives at first is often 1,024, while it allows much more.
pub fn raise() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.unwrap_or(MOST).min(MOST);
        if current.is_some_and(|current| current < wanted) {
            let current = Some(wanted);
            // Where it is refused, there are fewer connections.
            let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
        }
    }
}

/// How many files may be open; `None` where there is no limit that counts.
pub(super) fn limit() -> Option<usize> {
    #[cfg(unix)]
    {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        limit.current.and_then(|limit| usize::try_from(limit).ok())
    }
    #[cfg(not(unix))]
    None
}

impl ConnectionLimits {
    /// A quarter of the descriptors, and 64 at least, stay for the service's own use; no peer has more than three
    /// quarters of the rest.
    pub(super) fn within(self, descriptors: Option<usize>) -> Self {
        let Some(descriptors) = descriptors else {
            return self;
        };
        let own = (descriptors / 4).max(OWN_LEAST);
        let total = self.total.min(descriptors.saturating_sub(own)).max(1);
        if total < self.total {
            tracing::warn!(
                connections = total,
                descriptors,
                "there will be fewer connections than configured: the system lets this process open too few files"
            );
        }
        Self {
            total,
            per_peer: self.per_peer.min((total * 3 / 4).max(1)),
            ..self
        }
    }
}
