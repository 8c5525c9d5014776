//! The time that an overview is about, cut into hours or days.

use crate::clock::{Millis, Span};
use crate::error::{ApiError, ApiResult};
use crate::proxy::calls::HOUR;

const DAY: Millis = 24 * HOUR;
const MINUTE: Millis = 60 * 1000;
/// Furthest that any clock on Earth is ahead or behind, minutes.
const MAX_OFFSET: i64 = 14 * 60;

/// A window's name, the width of its buckets and their number.
const WINDOWS: &[(&str, Millis, i64)] = &[("24h", HOUR, 24), ("7d", DAY, 7), ("30d", DAY, 30)];

/// A window whose last bucket holds `now`.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// `24h`, `7d` or `30d`.
    pub name: &'static str,
    /// Its time.
    pub span: Span,
}

impl Window {
    /// The window of this name at `now`. Days begin at midnight of a clock that is `offset` minutes ahead of UTC, hours
    /// with those of UTC.
    ///
    /// # Errors
    /// `InvalidRequest` for an unknown name or an offset that no place has.
    pub fn new(name: &str, offset: i64, now: Millis) -> ApiResult<Self> {
        let known = WINDOWS.iter().find(|(known, ..)| *known == name);
        let (name, width, count) =
            *known.ok_or_else(|| ApiError::invalid("`window` must be one of 24h, 7d, 30d"))?;
        if !(-MAX_OFFSET..=MAX_OFFSET).contains(&offset) {
            return Err(ApiError::invalid(format!(
                "`offset` must be minutes ahead of UTC, -{MAX_OFFSET} to {MAX_OFFSET}"
            )));
        }
        let ahead = if width == DAY { offset * MINUTE } else { 0 };
        let until = ((now + ahead).div_euclid(width) + 1) * width - ahead;
        let from = until - count * width;
        Ok(Self {
            name,
            span: Span { from, until, width },
        })
    }

    /// Begins of the buckets, oldest first.
    pub fn begins(&self) -> impl Iterator<Item = Millis> {
        let Span { from, until, width } = self.span;
        std::iter::successors(Some(from), move |begin| Some(begin + width))
            .take_while(move |begin| *begin < until)
    }

    /// Minutes of a bucket.
    pub fn bucket_minutes(&self) -> i64 {
        self.span.width / MINUTE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::rfc3339;

    fn time(text: &str) -> Millis {
        let time: jiff::Timestamp = text.parse().expect("a time");
        time.as_millisecond()
    }

    #[test]
    fn a_day_is_cut_into_hours_and_a_week_into_days_of_the_viewers_clock() {
        let now = time("2026-03-10T22:30:00Z");
        let begins = |name, offset| -> Vec<_> {
            let window = Window::new(name, offset, now).expect("a window");
            window.begins().map(rfc3339).collect()
        };
        let day = begins("24h", 330);
        assert_eq!(day.len(), 24);
        assert_eq!(day[0], "2026-03-09T23:00:00.000Z");
        assert_eq!(day[23], "2026-03-10T22:00:00.000Z");
        assert_eq!(begins("7d", 0)[6], "2026-03-10T00:00:00.000Z");
        // In Berlin it is still the 10th, in Auckland the 11th has begun.
        assert_eq!(begins("7d", 60)[6], "2026-03-09T23:00:00.000Z");
        assert_eq!(begins("30d", 780)[29], "2026-03-10T11:00:00.000Z");
    }

    #[test]
    fn other_windows_and_offsets_are_refused() {
        for (name, offset) in [("1h", 0), ("", 0), ("7d", 841), ("24h", i64::MIN)] {
            let refused = Window::new(name, offset, 0).expect_err("refused");
            assert_eq!(refused.code.as_str(), "invalid_request");
        }
    }

    proptest! {
        #[test]
        fn now_is_in_the_last_bucket(now in 0_i64..4_000_000_000_000, offset in -840_i64..=840, at in 0_usize..3) {
            let (name, width, count) = WINDOWS[at];
            let window = Window::new(name, offset, now).expect("a window");
            prop_assert!(window.span.until - width <= now && now < window.span.until);
            prop_assert_eq!(i64::try_from(window.begins().count()).expect("small"), count);
        }
    }
}
