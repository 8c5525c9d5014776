//! When a step is tried again.

use std::time::Duration;

use uuid::Uuid;

use super::run::Remedy;

/// Tries of a step that keeps failing.
pub const MAX_ATTEMPTS: u32 = 5;
/// Tries of a step that the provider throttles: it is put off, not given up, for about a day.
const MAX_THROTTLED: u32 = 300;
const BASE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);
/// The longest wait that a provider may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// How long is waited after try number `attempt` failed; none if it was the last.
///
/// Exponential with jitter: half of it fixed, half by chance, so that runs that failed together do not come back
/// together. The chance is drawn from the step itself, since a run that is taken up again must wait as it did before.
pub fn wait(run: Uuid, path: &str, attempt: u32, remedy: Remedy) -> Option<Duration> {
    let (most, asked) = match remedy {
        Remedy::Retry { after_ms } => (MAX_ATTEMPTS, after_ms),
        Remedy::Throttled { after_ms } => (MAX_THROTTLED, after_ms),
        Remedy::None | Remedy::Reconnect => return None,
    };
    if attempt >= most {
        return None;
    }
    let full = BASE.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST);
    let own = full.mul_f64(0.5 + chance(run, path, attempt) / 2.0);
    let asked = asked.map_or(Duration::ZERO, Duration::from_millis);
    Some(own.max(asked.min(LONGEST_ASKED)))
}

/// A number from 0 to 1 that is the same for the same try.
fn chance(run: Uuid, path: &str, attempt: u32) -> f64 {
    let drawn = Uuid::new_v5(&run, format!("{path}#{attempt}").as_bytes());
    let [high, low, ..] = drawn.into_bytes();
    f64::from(u16::from_be_bytes([high, low])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Uuid = Uuid::from_u128(7);

    #[test]
    fn waits_grow_are_repeatable_and_end() {
        let remedy = Remedy::Retry { after_ms: None };
        let waits: Vec<_> = (1..=MAX_ATTEMPTS)
            .map(|attempt| wait(RUN, "a", attempt, remedy))
            .collect();
        for (at, full) in [1_000, 2_000, 4_000, 8_000].into_iter().enumerate() {
            let ms = waits[at].expect("a wait").as_millis();
            assert!((full / 2..=full).contains(&ms), "{waits:?}");
            assert_eq!(
                waits[at],
                wait(RUN, "a", u32::try_from(at).expect("small") + 1, remedy)
            );
        }
        assert_eq!(waits[4], None);
        assert_ne!(wait(RUN, "a", 1, remedy), wait(RUN, "b", 1, remedy));
    }

    #[test]
    fn the_provider_is_waited_for_within_reason() {
        let asked = |after_ms| {
            wait(
                RUN,
                "a",
                1,
                Remedy::Throttled {
                    after_ms: Some(after_ms),
                },
            )
        };
        assert_eq!(asked(30_000), Some(Duration::from_secs(30)));
        assert_eq!(asked(u64::MAX), Some(LONGEST_ASKED));
        let late = wait(RUN, "a", 200, Remedy::Throttled { after_ms: None });
        assert!(
            late.is_some_and(|wait| wait <= LONGEST),
            "it is put off, not given up: {late:?}"
        );
        assert_eq!(
            wait(
                RUN,
                "a",
                MAX_THROTTLED,
                Remedy::Throttled { after_ms: None }
            ),
            None
        );
        assert_eq!(wait(RUN, "a", 1, Remedy::None), None);
    }
}
