//! When a failed request is sent again, and after how long. Off unless the app asks for it.

use wasm_bindgen::prelude::*;

use crate::error::{ErrorKind, Outcome, SdkError};
use crate::js;

/// First pause where the server names none; it doubles with each repeat. Milliseconds.
const FIRST_PAUSE_MS: f64 = 500.0;
/// The longest pause, unless the app says otherwise. Milliseconds.
const MAX_PAUSE_MS: f64 = 30_000.0;
/// Repeats when the app only says `true`.
const REPEATS: f64 = 2.0;

/// Statuses that say the request was not even tried.
const TOO_MANY: [f64; 1] = [429.0];
/// Statuses that tend to pass, 0 for no answer.
const PASSING: [f64; 5] = [0.0, 429.0, 502.0, 503.0, 504.0];

/// The app's `retry` option: `true`, a number of repeats, or `{attempts, maxDelay}`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Retry {
    repeats: f64,
    max_pause_ms: f64,
    /// Whether the method changes nothing at the provider (RFC 9110, section 9.2.1).
    is_safe: bool,
}

/// What went wrong, as far as repeating depends on it.
struct Failure {
    /// 0 when there was no answer at all.
    status: f64,
    /// `Retry-After`, not a number where the server named none.
    wait_ms: f64,
}

const NO_ANSWER: Failure = Failure {
    status: 0.0,
    wait_ms: f64::NAN,
};

impl Retry {
    /// Reads `retry` of an option bag; none where nothing is to be repeated.
    pub(super) fn of(option: &JsValue, method: &str, body: &JsValue) -> Outcome<Option<Self>> {
        // A stream that was read once cannot be sent again.
        if !option.is_truthy() || js::function(body, "getReader").is_some() {
            return Ok(None);
        }
        let number = |key: &str, default: f64| {
            let value = js::get(option, key);
            if value.is_undefined() {
                default
            } else {
                value.as_f64().unwrap_or(f64::NAN)
            }
        };
        let repeats = option
            .as_f64()
            .unwrap_or_else(|| number("attempts", REPEATS));
        let max_pause_ms = number("maxDelay", MAX_PAUSE_MS);
        if !(repeats >= 0.0 && max_pause_ms >= 0.0) {
            let text = "retry must be true, a number of repeats, or {attempts, maxDelay} with maxDelay in milliseconds";
            return Err(SdkError::usage("invalid_option", text));
        }
        Ok(Some(Self {
            repeats,
            max_pause_ms,
            is_safe: matches!(method, "GET" | "HEAD" | "OPTIONS"),
        }))
    }

    /// How long to wait before the repeat with this number (from 0), if `error` is to be repeated.
    pub(super) fn pause_ms(&self, error: &SdkError, repeat: u32) -> Option<f64> {
        let failure = failure(error)?;
        // Half to the whole of the pause: clients that failed together do not come back together.
        self.decide(&failure, repeat, 0.5 + js_sys::Math::random() / 2.0)
    }

    fn decide(&self, failure: &Failure, repeat: u32, share: f64) -> Option<f64> {
        if f64::from(repeat) >= self.repeats {
            return None;
        }
        let names_time = !failure.wait_ms.is_nan();
        // A 429 says that nothing was done; every other failure may have come after the deed.
        let is_refusal = TOO_MANY.contains(&failure.status) && names_time;
        let is_passing = PASSING.contains(&failure.status);
        if !(is_refusal || (self.is_safe && is_passing)) {
            return None;
        }
        if names_time {
            // A server that wants more time than the app has is not asked again too early.
            return (failure.wait_ms <= self.max_pause_ms).then_some(failure.wait_ms);
        }
        let pause = FIRST_PAUSE_MS * f64::from(1_u32 << repeat.min(16));
        Some(pause.min(self.max_pause_ms) * share)
    }
}

fn failure(error: &SdkError) -> Option<Failure> {
    match error.kind() {
        ErrorKind::Request { fields, .. } => {
            let number = |key| js::get(fields, key).as_f64().unwrap_or(f64::NAN);
            Some(Failure {
                status: number("status"),
                wait_ms: number("retryAfter") * 1000.0,
            })
        }
        ErrorKind::Js(thrown) if js::is(thrown, "code", "network_error") => Some(NO_ANSWER),
        _ => None,
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

    fn failed(status: f64, wait_ms: f64) -> Failure {
        Failure { status, wait_ms }
    }

    #[test]
    fn the_servers_time_is_kept_and_too_long_a_one_ends_it() {
        assert_eq!(GET.decide(&failed(503.0, 700.0), 0, 1.0), Some(700.0));
        assert_eq!(GET.decide(&failed(503.0, 1001.0), 0, 1.0), None);
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = [0, 1].map(|repeat| GET.decide(&failed(502.0, f64::NAN), repeat, 1.0));
        assert_eq!(pauses, [Some(500.0), Some(1000.0)]);
        let long = Retry {
            repeats: 99.0,
            ..GET
        };
        assert_eq!(long.decide(&failed(0.0, f64::NAN), 40, 0.5), Some(500.0));
    }

    #[test]
    fn repeats_end() {
        assert_eq!(GET.decide(&failed(503.0, f64::NAN), 2, 1.0), None);
    }

    #[test]
    fn what_may_have_been_done_is_not_done_twice() {
        assert_eq!(POST.decide(&failed(429.0, 10.0), 0, 1.0), Some(10.0));
        for (status, wait) in [
            (429.0, f64::NAN),
            (503.0, 10.0),
            (0.0, f64::NAN),
            (500.0, 10.0),
        ] {
            assert_eq!(POST.decide(&failed(status, wait), 0, 1.0), None, "{status}");
        }
        assert_eq!(GET.decide(&failed(404.0, f64::NAN), 0, 1.0), None);
    }
}
