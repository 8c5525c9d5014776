//! When a failed request is sent again, and after how long. Off unless the app asks for it.

use crate::error::refuse;
use crate::value::{GLOBAL, Outcome, UNDEFINED, Value, from_bool, from_number, list, t};

/// First pause where the server names none; it doubles with each repeat. Milliseconds.
const FIRST_PAUSE_MS: f64 = 500.0;
/// The longest pause, unless the app says otherwise. Milliseconds.
const MAX_PAUSE_MS: f64 = 30_000.0;
/// Repeats when the app only says `true`.
const REPEATS: f64 = 2.0;

/// The app's `retry` option: `true`, a number of repeats, or `{attempts, maxDelay}`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Retry {
    repeats: f64,
    max_pause_ms: f64,
    /// Whether the method changes nothing at the provider (RFC 9110, section 9.2.1).
    is_safe: bool,
}

/// What went wrong, as far as repeating depends on it.
struct Failure {
    /// 0 when there was no answer at all.
    status: i32,
    /// `Retry-After` in milliseconds, not a number where the server named none.
    wait_ms: f64,
}

/// Reads `retry` of an option bag into the context of [`wait`]; none where nothing is to be repeated.
pub(super) fn policy(options: Value) -> Outcome<Option<Value>> {
    let given = options.get(t!("retry"));
    // A stream that was read once cannot be sent again.
    if !given.is_true() || options.get(t!("body")).get(t!("getReader")).is_function() {
        return Ok(None);
    }
    let number = |key, default| {
        let value = given.get(key);
        if value.is_undefined() {
            default
        } else {
            value.to_number()
        }
    };
    let repeats = given.to_number();
    let repeats = if repeats.is_nan() {
        number(t!("attempts"), REPEATS)
    } else {
        repeats
    };
    let max_pause_ms = number(t!("maxDelay"), MAX_PAUSE_MS);
    if !(repeats >= 0.0 && max_pause_ms >= 0.0) {
        let message = t!(
            "retry must be true, a number of repeats, or {attempts, maxDelay} with maxDelay in milliseconds"
        );
        return refuse(t!("invalid_option"), message);
    }
    let method = options
        .get(t!("method"))
        .tell(t!("toUpperCase"), UNDEFINED, UNDEFINED);
    let is_safe = !method.is_true()
        || [t!("GET"), t!("HEAD"), t!("OPTIONS")]
            .iter()
            .any(|one| method.is(*one));
    Ok(Some(list![
        from_number(repeats),
        from_number(max_pause_ms),
        from_bool(is_safe)
    ]))
}

/// How many milliseconds to wait before the request is sent again: the context is the policy, `failed` is the error
/// and how often it was repeated. `undefined` where it is not to be repeated.
pub(crate) fn wait(context: Value, failed: Value) -> Outcome {
    let retry = Retry {
        repeats: context.at(0).to_number(),
        max_pause_ms: context.at(1).to_number(),
        is_safe: context.at(2).is_true(),
    };
    let error = failed.at(0);
    let status = error.get(t!("status"));
    if status.is_undefined() && !error.get(t!("code")).is(t!("network_error")) {
        return Ok(UNDEFINED);
    }
    let failure = Failure {
        status: status.to_int(),
        wait_ms: error.get(t!("retryAfter")).to_number() * 1000.0,
    };
    // Half to the whole of the pause: clients that failed together do not come back together.
    let share = 0.5
        + GLOBAL
            .get(t!("Math"))
            .tell(t!("random"), UNDEFINED, UNDEFINED)
            .to_number()
            / 2.0;
    let pause = retry.decide(&failure, failed.at(1).to_int(), share);
    Ok(pause.map_or(UNDEFINED, from_number))
}

impl Retry {
    fn decide(&self, failure: &Failure, repeat: i32, share: f64) -> Option<f64> {
        if f64::from(repeat) >= self.repeats {
            return None;
        }
        let names_time = !failure.wait_ms.is_nan();
        // A 429 says that nothing was done; every other failure may have come after the deed.
        let is_refusal = failure.status == 429 && names_time;
        let is_passing = matches!(failure.status, 0 | 429 | 502 | 503 | 504);
        if !(is_refusal || (self.is_safe && is_passing)) {
            return None;
        }
        if names_time {
            // A server that wants more time than the app has is not asked again too early.
            return (failure.wait_ms <= self.max_pause_ms).then_some(failure.wait_ms);
        }
        let pause = FIRST_PAUSE_MS * f64::from(1 << repeat.min(16));
        Some(pause.min(self.max_pause_ms) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Retry = Retry {
        repeats: 2.0,
        max_pause_ms: 1000.0,
        is_safe: true,
    };
    const POST: Retry = Retry {
        is_safe: false,
        ..GET
    };

    fn failed(status: i32, wait_ms: f64) -> Failure {
        Failure { status, wait_ms }
    }

    #[test]
    fn the_servers_time_is_kept_and_too_long_a_one_ends_it() {
        assert_eq!(GET.decide(&failed(503, 700.0), 0, 1.0), Some(700.0));
        assert_eq!(GET.decide(&failed(503, 1001.0), 0, 1.0), None);
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = [0, 1].map(|repeat| GET.decide(&failed(502, f64::NAN), repeat, 1.0));
        assert_eq!(pauses, [Some(500.0), Some(1000.0)]);
        let long = Retry {
            repeats: 99.0,
            ..GET
        };
        assert_eq!(long.decide(&failed(0, f64::NAN), 40, 0.5), Some(500.0));
    }

    #[test]
    fn repeats_end() {
        assert_eq!(GET.decide(&failed(503, f64::NAN), 2, 1.0), None);
    }

    #[test]
    fn what_may_have_been_done_is_not_done_twice() {
        assert_eq!(POST.decide(&failed(429, 10.0), 0, 1.0), Some(10.0));
        for (status, wait) in [(429, f64::NAN), (503, 10.0), (0, f64::NAN), (500, 10.0)] {
            assert_eq!(POST.decide(&failed(status, wait), 0, 1.0), None, "{status}");
        }
        assert_eq!(GET.decide(&failed(404, f64::NAN), 0, 1.0), None);
    }
}
