//! How long answers took, as a histogram with fixed bounds, and quantiles estimated from it.

use std::collections::BTreeMap;
use std::time::Duration;

/// Upper bounds of the histogram's buckets in milliseconds, each at most twice the one before. What took longer than
/// the last counts as that: few calls do, since the proxy gives a silent provider up after 100 seconds.
const BOUNDS: [u32; 24] = [
    10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_200, 1_600, 2_400, 3_200, 4_800,
    6_400, 9_600, 12_800, 25_600, 51_200, 102_400, 204_800,
];

/// Upper bound in milliseconds of the bucket that `took` falls in.
pub fn bound_of(took: Duration) -> u32 {
    let fits = |bound: &u32| took <= Duration::from_millis(u64::from(*bound));
    let bound = BOUNDS.into_iter().find(fits);
    bound.unwrap_or(BOUNDS[BOUNDS.len() - 1])
}

/// Begin of the bucket that ends at `bound`.
fn begin_of(bound: u32) -> u32 {
    let below = BOUNDS.into_iter().rev().find(|other| *other < bound);
    below.unwrap_or(0)
}

/// Counts of answers by the upper bound of the time they took.
#[derive(Debug, Clone, Default)]
pub struct Latencies(BTreeMap<u32, u64>);

impl Latencies {
    /// Adds `calls` that took `up_to_ms` at most.
    pub fn add(&mut self, up_to_ms: u32, calls: u64) {
        *self.0.entry(up_to_ms).or_default() += calls;
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (up_to_ms, calls) in &other.0 {
            self.add(*up_to_ms, *calls);
        }
    }

    /// Number of calls.
    pub fn calls(&self) -> u64 {
        self.0.values().sum()
    }

    /// The time within which `percent` of 100 calls were answered, in milliseconds; none without calls.
    ///
    /// It is an estimate: within a bucket the calls count as spread evenly. It never leaves the bucket of the real value.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let calls = self.calls();
        if calls == 0 {
            return None;
        }
        let rank = (calls * percent).div_ceil(100).clamp(1, calls);
        let mut before = 0;
        for (bound, here) in &self.0 {
            if before + here >= rank {
                let (begin, end) = (u64::from(begin_of(*bound)), u64::from(*bound));
                return Some(begin + (end - begin) * (rank - before) / here);
            }
            before += here;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(times: &[u64]) -> Latencies {
        let mut latencies = Latencies::default();
        for time in times {
            latencies.add(bound_of(Duration::from_millis(*time)), 1);
        }
        latencies
    }

    #[test]
    fn a_time_falls_in_the_bucket_that_ends_at_or_above_it() {
        let bounds = [0, 10, 11, 204_800, 900_000].map(|ms| bound_of(Duration::from_millis(ms)));
        assert_eq!(bounds, [10, 10, 20, 204_800, 204_800]);
        assert_eq!(bound_of(Duration::from_micros(10_001)), 20);
    }

    #[test]
    fn percentiles_are_estimated_within_their_bucket() {
        assert_eq!(Latencies::default().percentile(50), None);
        assert_eq!(of(&[60]).percentile(50), Some(75));
        // Four calls between 100 and 150 ms: the second stands half way.
        assert_eq!(of(&[101, 110, 120, 140]).percentile(50), Some(125));
        let mut mixed = of(&[5; 95]);
        mixed.merge(&of(&[1_000; 5]));
        assert_eq!(mixed.percentile(95), Some(10));
        assert_eq!(mixed.percentile(96), Some(880));
    }

    proptest! {
        #[test]
        fn an_estimate_stays_in_the_bucket_of_the_real_value(
            mut times in prop::collection::vec(0_u64..200_000, 1..300), percent in 1_u64..=100,
        ) {
            let latencies = of(&times);
            times.sort_unstable();
            let rank = (times.len() * usize::try_from(percent).expect("small")).div_ceil(100);
            let real = times[rank - 1];
            let bound = bound_of(Duration::from_millis(real));
            let estimate = latencies.percentile(percent).expect("there are calls");
            prop_assert!(estimate <= u64::from(bound) && estimate >= u64::from(begin_of(bound)));
            prop_assert!(latencies.percentile(percent / 2 + 1).expect("calls") <= latencies.percentile(100).expect("calls"));
        }
    }
}
