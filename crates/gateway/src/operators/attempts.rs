//! Attempts to sign in, counted before anything is checked: many of them are slowed down, none locks anybody out.
//!
//! A browser that the operator signed in with before brings its device cookie and is counted for itself. Every other is
//! counted by address, by account and address, and, with much more room, by account.
//!
//! Source: OWASP "Slow Down Online Guessing Attacks with Device Cookies"; NIST SP 800-63B, 5.2.2.

use std::time::Duration;

use paragon_wire::ErrorCode;

use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::random;
use crate::state::App;

/// Attempts are counted over this time.
pub(crate) const WINDOW_MS: Millis = 15 * 60 * 1000;
/// Longest pause between two attempts.
const LONGEST_PAUSE_MS: Millis = 5 * 60 * 1000;

/// How many attempts there may be one after the other; the pause before the next doubles with each.
#[derive(Debug, Clone, Copy)]
struct Pace {
    free: i64,
    first_pause_ms: Millis,
    longest_pause_ms: Millis,
}

/// Of one browser that the operator signed in with before; then it is a browser as any other.
const OF_DEVICE: Pace = Pace::of(10);
/// For one account from one address.
const OF_ACCOUNT_AND_ADDRESS: Pace = Pace::of(5);
/// From one address, whatever the account: many people may share it.
const OF_ADDRESS: Pace = Pace::of(50);
/// For one account from unknown browsers anywhere: against guesses from many addresses. The pause stays short, since it
/// is one for everybody.
const OF_ACCOUNT: Pace = Pace {
    free: 200,
    first_pause_ms: 2000,
    longest_pause_ms: 2000,
};

impl Pace {
    const fn of(free: i64) -> Self {
        Self {
            free,
            first_pause_ms: 1000,
            longest_pause_ms: LONGEST_PAUSE_MS,
        }
    }

    /// The pause after the last of `made` attempts.
    fn pause(self, made: i64) -> Millis {
        let Some(doublings) = made.checked_sub(self.free).filter(|more| *more >= 0) else {
            return 0;
        };
        let doublings = u32::try_from(doublings.min(30)).unwrap_or(30);
        let pause = self.first_pause_ms.saturating_mul(1 << doublings);
        pause.min(self.longest_pause_ms)
    }
}

/// Whose attempt it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// The network address.
    pub(crate) address: &'a str,
    /// The account, as its address is compared.
    pub(crate) account: Option<&'a str>,
    /// The device cookie's own id, if it belongs to that account.
    pub(crate) device: Option<&'a str>,
}

impl Attempt<'_> {
    /// Counts it.
    ///
    /// # Errors
    /// `RateLimited`, with the pause that is left.
    pub(crate) async fn note(&self, app: &App) -> ApiResult<()> {
        if let Some(subject) = self.of_device()
            && paced(app, &subject, OF_DEVICE).await?.is_none()
        {
            return Ok(());
        }
        let mut counted = vec![(self.of_address(), OF_ADDRESS)];
        counted.extend(self.of_pair().map(|pair| (pair, OF_ACCOUNT_AND_ADDRESS)));
        let account = self.account.map(|email| subject("account", email));
        counted.extend(account.map(|account| (account, OF_ACCOUNT)));
        for (subject, pace) in counted {
            if let Some(pause) = paced(app, &subject, pace).await? {
                return Err(held_back(pause));
            }
        }
        Ok(())
    }

    /// Forgets what was counted for this account here: it was its operator. A browser that was known before says
    /// nothing about the others behind its address.
    pub(crate) async fn forget(&self, app: &App) -> ApiResult<()> {
        if let Some(subject) = self.of_device().or_else(|| self.of_pair()) {
            app.store.clear_sign_in_attempts(&subject).await?;
        }
        Ok(())
    }

    fn of_device(&self) -> Option<String> {
        self.device.map(|id| subject("device", id))
    }

    fn of_address(&self) -> String {
        subject("address", self.address)
    }

    fn of_pair(&self) -> Option<String> {
        let account = self.account?;
        Some(subject(&format!("at {}", self.address), account))
    }
}

/// Counts that an operator who is signed in named their present password.
///
/// # Errors
/// `RateLimited`.
pub(crate) async fn note_password_change(app: &App, email: &str) -> ApiResult<()> {
    match paced(app, &password_change(email), OF_DEVICE).await? {
        Some(pause) => Err(held_back(pause)),
        None => Ok(()),
    }
}

/// Forgets them: it was right.
pub(crate) async fn forget_password_changes(app: &App, email: &str) -> ApiResult<()> {
    let subject = password_change(email);
    Ok(app.store.clear_sign_in_attempts(&subject).await?)
}

fn password_change(email: &str) -> String {
    subject("password change", email)
}

/// Whether this is the first time that `state_hash` comes back from an identity provider.
pub(crate) async fn note_once(app: &App, state_hash: &str) -> ApiResult<bool> {
    let now = app.clock.now();
    let subject = subject("state", state_hash);
    let attempts = &app.store;
    Ok(attempts
        .note_sign_in_attempt(&subject, 1, now - WINDOW_MS, now)
        .await?)
}

fn subject(kind: &str, what: &str) -> String {
    random::hash(&format!("{kind} {what}"))
}

/// Counts an attempt, or gives the pause that is left.
async fn paced(app: &App, subject: &str, pace: Pace) -> ApiResult<Option<Millis>> {
    let now = app.clock.now();
    let pause = |made| pace.pause(made);
    let left = app
        .store
        .note_paced_sign_in_attempt(subject, now - WINDOW_MS, now, pause)
        .await?;
    Ok(left)
}

fn held_back(pause_ms: Millis) -> ApiError {
    let wait = Duration::from_millis(u64::try_from(pause_ms).unwrap_or(0).max(1000));
    tracing::warn!("sign-ins to the dashboard are throttled: too many attempts");
    let message = "too many sign-in attempts; wait, then try again";
    ApiError::new(ErrorCode::RateLimited, message).with_retry_after(Some(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = [0, 4, 5, 6, 9, 13, 14, 1000].map(|made| OF_ACCOUNT_AND_ADDRESS.pause(made));
        assert_eq!(
            pauses,
            [0, 0, 1000, 2000, 16_000, 256_000, 300_000, 300_000]
        );
        assert_eq!(
            [199, 200, 9999].map(|made| OF_ACCOUNT.pause(made)),
            [0, 2000, 2000]
        );
    }
}
