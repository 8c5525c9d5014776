//! How much one user, all users of one project, and nobody in particular from one address, may ask for: requests, connect
//! flows, bytes that are kept.
//!
//! Counted in this process, by the generic cell rate algorithm: what was not used adds up to one period's worth. What a
//! user has costs 16 bytes until it is as if they had never called.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use paragon_wire::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;

/// The limits as they are written; 0 is none.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Requests of one user to the SDK's routes, the proxy's among them.
    pub user_requests_per_minute: u32,
    /// Of all users of a project.
    pub project_requests_per_minute: u32,
    /// Connect flows that one user begins.
    pub user_flows_per_hour: u32,
    /// That all users of a project begin.
    pub project_flows_per_hour: u32,
    /// What is written down for one user: events and requests that start workflows, settings, metadata.
    pub user_stored_mib_per_day: u32,
    /// For all users of a project.
    pub project_stored_mib_per_day: u32,
    /// Accounts that one user may have.
    pub accounts_per_user: u32,
    /// Requests from one address (IPv6: one network) to what anybody may ask for without a user token: the pages of a
    /// connect flow and their data, and deliveries with a wrong password.
    pub address_requests_per_minute: u32,
    /// Organizations that are looked up for one address: each may be a request to Azure DevOps.
    pub address_lookups_per_minute: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            user_requests_per_minute: 6000,
            project_requests_per_minute: 120_000,
            user_flows_per_hour: 200,
            project_flows_per_hour: 20_000,
            user_stored_mib_per_day: 256,
            project_stored_mib_per_day: 16_384,
            accounts_per_user: 100,
            address_requests_per_minute: 3000,
            address_lookups_per_minute: 120,
        }
    }
}

impl LimitsConfig {
    /// No limit at all.
    pub const NONE: Self = Self {
        user_requests_per_minute: 0,
        project_requests_per_minute: 0,
        user_flows_per_hour: 0,
        project_flows_per_hour: 0,
        user_stored_mib_per_day: 0,
        project_stored_mib_per_day: 0,
        accounts_per_user: 0,
        address_requests_per_minute: 0,
        address_lookups_per_minute: 0,
    };
}

/// Users, or projects, that are told apart by one limiter; more than these share what is left.
const MOST_KEYS: usize = 1 << 20;
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// What a row costs beside its payload.
const ROW_BYTES: usize = 1024;

/// Counts, and refuses what is too much.
#[derive(Debug)]
pub struct Limits {
    hasher: RandomState,
    requests: Pair,
    flows: Pair,
    stored: Pair,
    addresses: Option<Counter>,
    lookups: Option<Counter>,
    accounts: u32,
}

impl Limits {
    /// Nothing was counted yet.
    pub fn new(config: &LimitsConfig) -> Self {
        let kib = |mib: u32| mib.saturating_mul(1024);
        Self {
            hasher: RandomState::new(),
            requests: Pair::new(
                config.user_requests_per_minute,
                config.project_requests_per_minute,
                MINUTE,
            ),
            flows: Pair::new(
                config.user_flows_per_hour,
                config.project_flows_per_hour,
                HOUR,
            ),
            stored: Pair::new(
                kib(config.user_stored_mib_per_day),
                kib(config.project_stored_mib_per_day),
                DAY,
            ),
            addresses: Counter::new(config.address_requests_per_minute, MINUTE),
            lookups: Counter::new(config.address_lookups_per_minute, MINUTE),
            accounts: config.accounts_per_user,
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `RateLimited`, with when to try again.
    pub fn request(&self, project: &str, user: &UserId) -> ApiResult<()> {
        self.count(&self.requests, (project, user), 1, "requests")
    }

    /// Counts a connect flow that begins.
    ///
    /// # Errors
    /// `RateLimited`, with when to try again.
    pub fn flow(&self, project: &str, user: &UserId) -> ApiResult<()> {
        self.count(&self.flows, (project, user), 1, "attempts to connect")
    }

    /// Counts a row with `bytes` of payload that is to be written.
    ///
    /// # Errors
    /// `RateLimited`, with when to try again.
    pub fn stored(&self, project: &str, user: &UserId, bytes: usize) -> ApiResult<()> {
        let kib = (bytes + ROW_BYTES).div_ceil(1024);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        self.count(&self.stored, (project, user), kib, "data")
    }

    /// Whether a user who has `present` accounts may connect another.
    ///
    /// # Errors
    /// `RateLimited`: there is room once one is disconnected.
    pub fn account(&self, present: usize) -> ApiResult<()> {
        let most = usize::try_from(self.accounts).unwrap_or(usize::MAX);
        if most == 0 || present < most {
            return Ok(());
        }
        let message = format!(
            "the user has {present} accounts, which is the limit; disconnect an account that is no longer needed"
        );
        Err(ApiError::new(ErrorCode::RateLimited, message).with_retry_after(Some(HOUR)))
    }

    /// Counts a request of nobody in particular, by the address that it comes from.
    ///
    /// # Errors
    /// `RateLimited`, with when to try again.
    pub fn address(&self, address: &str) -> ApiResult<()> {
        self.of_address(
            self.addresses.as_ref(),
            address,
            "too many requests came from this address; wait, then try again",
        )
    }

    /// Counts a look-up of an organization, by the address that asked for it.
    ///
    /// # Errors
    /// `RateLimited`, with when to try again.
    pub fn lookup(&self, address: &str) -> ApiResult<()> {
        self.of_address(
            self.lookups.as_ref(),
            address,
            "too many organizations were looked up from this address; wait a minute, then try again",
        )
    }

    fn of_address(&self, counter: Option<&Counter>, address: &str, message: &str) -> ApiResult<()> {
        let key = self.hasher.hash_one(address);
        let taken = counter.map_or(Ok(()), |counter| counter.take(key, 1));
        taken.map_err(|wait| {
            ApiError::new(ErrorCode::RateLimited, message).with_retry_after(Some(wait))
        })
    }

    /// Forgets who has not called for so long that nothing is counted any more.
    pub fn forget_idle(&self) {
        let pairs = [&self.requests, &self.flows, &self.stored].into_iter();
        let counters = pairs.flat_map(|pair| [&pair.user, &pair.project]);
        for counter in counters.chain([&self.addresses, &self.lookups]).flatten() {
            counter.limiter.retain_recent();
            counter.limiter.shrink_to_fit();
        }
    }

    fn count(
        &self,
        pair: &Pair,
        (project, user): (&str, &UserId),
        cells: u32,
        what: &str,
    ) -> ApiResult<()> {
        let of_user = self.hasher.hash_one((project, user.as_str()));
        let of_project = self.hasher.hash_one(project);
        let refused = |who: &str, wait: Duration| {
            let message = format!("{who} exceeded the rate limit ({what}); wait, then try again");
            ApiError::new(ErrorCode::RateLimited, message).with_retry_after(Some(wait))
        };
        // The user first: what is refused to one takes nothing from all.
        pair.user
            .as_ref()
            .map_or(Ok(()), |counter| counter.take(of_user, cells))
            .map_err(|wait| refused("this user", wait))?;
        pair.project
            .as_ref()
            .map_or(Ok(()), |counter| counter.take(of_project, cells))
            .map_err(|wait| refused("the users of this project", wait))
    }
}

/// One for each user, one for each project.
#[derive(Debug)]
struct Pair {
    user: Option<Counter>,
    project: Option<Counter>,
}

impl Pair {
    fn new(user: u32, project: u32, period: Duration) -> Self {
        Self {
            user: Counter::new(user, period),
            project: Counter::new(project, period),
        }
    }
}

type Keyed =
    RateLimiter<u64, DashMapStateStore<u64>, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

#[derive(Debug)]
struct Counter {
    limiter: Keyed,
    most: NonZeroU32,
}

impl Counter {
    /// `cells` in each `period`, and as many at once; none for 0.
    fn new(cells: u32, period: Duration) -> Option<Self> {
        let most = NonZeroU32::new(cells)?;
        let quota = Quota::with_period(period / cells)?.allow_burst(most);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), MonotonicClock);
        Some(Self { limiter, most })
    }

    /// Takes `cells`, or says how long to wait for them.
    fn take(&self, key: u64, cells: u32) -> Result<(), Duration> {
        // A single piece that is larger than the whole quota takes all of it.
        let cells = NonZeroU32::new(cells).map_or(self.most, |cells| cells.min(self.most));
        let is_full = self.limiter.len() >= MOST_KEYS;
        let key = if is_full { key % 1024 } else { key };
        match self.limiter.check_key_n(&key, cells) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refused)) => Err(refused.wait_time_from(MonotonicClock.now())),
            Err(_) => Err(MINUTE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> UserId {
        UserId(name.to_owned())
    }

    #[test]
    fn a_user_and_a_project_have_limits_of_their_own() {
        let limits = Limits::new(&LimitsConfig {
            user_requests_per_minute: 3,
            project_requests_per_minute: 5,
            ..LimitsConfig::NONE
        });
        let ask = |project, name| limits.request(project, &user(name));
        for _ in 0..3 {
            assert!(ask("a", "ada").is_ok());
        }
        let refused = ask("a", "ada").expect_err("too many");
        assert_eq!(refused.code, ErrorCode::RateLimited);
        let wait = refused.retry_after.expect("when");
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_secs(20),
            "{wait:?}"
        );
        assert!(ask("b", "ada").is_ok(), "of another project");
        assert!(ask("a", "eve").is_ok() && ask("a", "eve").is_ok());
        let refused = ask("a", "joe").expect_err("all users of the project");
        assert!(refused.message.contains("project"), "{}", refused.message);
    }

    #[test]
    fn what_is_kept_is_counted_by_size() {
        let limits = Limits::new(&LimitsConfig {
            user_stored_mib_per_day: 1,
            ..LimitsConfig::NONE
        });
        for _ in 0..4 {
            assert!(limits.stored("a", &user("ada"), 255 * 1024).is_ok());
        }
        assert!(limits.stored("a", &user("ada"), 0).is_err());
        assert!(limits.stored("a", &user("eve"), usize::MAX / 2).is_ok());
        assert!(limits.stored("a", &user("eve"), 0).is_err());
    }

    #[test]
    fn who_is_as_if_new_is_forgotten_and_zero_is_no_limit() {
        let limits = Limits::new(&LimitsConfig {
            user_requests_per_minute: u32::MAX,
            ..LimitsConfig::NONE
        });
        for number in 0..2000 {
            assert!(limits.request("a", &user(&number.to_string())).is_ok());
            assert!(limits.flow("a", &user("ada")).is_ok());
        }
        limits.forget_idle();
        let kept = limits.requests.user.map(|counter| counter.limiter.len());
        assert!(kept.is_some_and(|kept| kept < 2000), "{kept:?}");
        assert!(limits.requests.project.is_none());
    }
}
