//! When a failed request is sent again, and after how long. Off unless the app asks for it.

use js_sys::Math;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::js;

/// First pause where the server names none; it doubles with each repeat. Milliseconds.
const FIRST_PAUSE_MS: f64 = 500.0;
/// The longest pause, unless the app says otherwise. Milliseconds.
const MAX_PAUSE_MS: f64 = 30_000.0;
/// Repeats when the app only says `true`.
const REPEATS: f64 = 2.0;

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
    /// Status of the answer; none when there was no answer at all.
    status: Option<u16>,
    /// `Retry-After`, where the server named it. Milliseconds.
    wait_ms: Option<f64>,
}

#[wasm_bindgen]
extern "C" {
    type RetryOptions;
    #[wasm_bindgen(method, getter)]
    fn attempts(this: &RetryOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = maxDelay)]
    fn max_delay(this: &RetryOptions) -> JsValue;
}

impl Retry {
    /// Reads `retry` of the app's options; none where nothing is to be repeated.
    ///
    /// # Errors
    /// For what is no number of repeats or milliseconds.
    pub(super) fn of(given: &JsValue, method: &str) -> Result<Option<Self>> {
        if !given.is_truthy() {
            return Ok(None);
        }
        let fields: RetryOptions = js::options(given)?;
        let number = |value: JsValue, default| {
            if value.is_undefined() {
                default
            } else {
                value.as_f64().unwrap_or(f64::NAN)
            }
        };
        let retry = Self {
            repeats: given
                .as_f64()
                .unwrap_or_else(|| number(fields.attempts(), REPEATS)),
            max_pause_ms: number(fields.max_delay(), MAX_PAUSE_MS),
            is_safe: matches!(method, "GET" | "HEAD" | "OPTIONS"),
        };
        if retry.repeats >= 0.0 && retry.max_pause_ms >= 0.0 {
            return Ok(Some(retry));
        }
        Err(Error::new(
            "invalid_option",
            "retry must be true, a number of repeats, or {attempts, maxDelay} with maxDelay in milliseconds",
        ))
    }

    /// Milliseconds to wait before the request is sent again, which failed with `error` and was repeated `repeat`
    /// times; none where it is not to be repeated.
    pub(super) fn wait_ms(&self, error: &Error, repeat: u32) -> Option<f64> {
        let status = error.status();
        if status.is_none() && error.code() != "network_error" {
            return None;
        }
        let failure = Failure {
            status,
            wait_ms: error.retry_after().map(|seconds| seconds * 1000.0),
        };
        // Half to the whole of the pause: clients that failed together do not come back together.
        self.decide(&failure, repeat, 0.5 + Math::random() / 2.0)
    }

    fn decide(&self, failure: &Failure, repeat: u32, share: f64) -> Option<f64> {
        if f64::from(repeat) >= self.repeats {
            return None;
        }
        // A 429 says that nothing was done; every other failure may have come after the deed.
        let is_refusal = failure.status == Some(429) && failure.wait_ms.is_some();
        let is_passing = matches!(failure.status, None | Some(429 | 502 | 503 | 504));
        if !(is_refusal || (self.is_safe && is_passing)) {
            return None;
        }
        if let Some(wait_ms) = failure.wait_ms {
            // A server that wants more time than the app has is not asked again too early.
            return (wait_ms <= self.max_pause_ms).then_some(wait_ms);
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

    fn failed(status: u16, wait_ms: f64) -> Failure {
        Failure {
            status: Some(status).filter(|status| *status > 0),
            wait_ms: Some(wait_ms).filter(|ms| !ms.is_nan()),
        }
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
