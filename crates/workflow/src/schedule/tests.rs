use proptest::prelude::*;

use super::*;

fn millis(text: &str) -> Millis {
    text.parse::<Timestamp>().expect(text).as_millisecond()
}

fn schedule(cron: &str, zone: &str) -> Schedule {
    Schedule::read(cron, zone).expect("a schedule")
}

/// The next `count` times as the zone's clock shows them.
fn times(schedule: &Schedule, after: &str, count: usize) -> Vec<String> {
    let mut last = millis(after);
    let mut next = || {
        last = schedule.next(last).expect("a next time");
        schedule.local_time(last)
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn the_clock_of_the_zone_counts() {
    let weekdays = schedule("0 0 9 * * MON-FRI", "Europe/Berlin");
    assert_eq!(
        times(&weekdays, "2026-01-30T07:59:59Z", 3),
        [
            "2026-01-30T09:00:00+01:00",
            "2026-02-02T09:00:00+01:00",
            "2026-02-03T09:00:00+01:00"
        ]
    );
    let summer = times(&weekdays, "2026-07-01T07:00:00Z", 1);
    assert_eq!(summer, ["2026-07-02T09:00:00+02:00"], "not the time itself");
    let five = schedule("30 9 * * *", "America/New_York");
    assert_eq!(
        times(&five, "2026-01-01T00:00:00Z", 1),
        ["2026-01-01T09:30:00-05:00"]
    );
    let seconds = schedule("*/20 * * * * *", "UTC");
    assert_eq!(
        times(&seconds, "2026-01-01T00:00:05Z", 3),
        [
            "2026-01-01T00:00:20+00:00",
            "2026-01-01T00:00:40+00:00",
            "2026-01-01T00:01:00+00:00"
        ]
    );
}

#[test]
fn a_time_that_does_not_exist_comes_after_the_gap() {
    // Berlin, 29 March 2026: 02:00 to 03:00 is left out.
    let fixed = schedule("0 30 2 * * *", "Europe/Berlin");
    assert_eq!(
        times(&fixed, "2026-03-28T12:00:00Z", 2),
        ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
    );
    let hourly = schedule("0 30 * * * *", "Europe/Berlin");
    assert_eq!(
        times(&hourly, "2026-03-29T00:00:00Z", 2),
        ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]
    );
}

#[test]
fn a_time_that_comes_twice_is_taken_once_if_it_is_fixed() {
    // Berlin, 25 October 2026: 02:00 to 03:00 comes twice.
    let fixed = schedule("0 30 2 * * *", "Europe/Berlin");
    assert_eq!(
        times(&fixed, "2026-10-24T12:00:00Z", 2),
        ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
    );
    let half_hours = schedule("0 */30 * * * *", "Europe/Berlin");
    assert_eq!(
        times(&half_hours, "2026-10-24T23:59:59Z", 5),
        [
            "2026-10-25T02:00:00+02:00",
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:00:00+01:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T03:00:00+01:00",
        ]
    );
}

#[test]
fn what_is_wrong_is_said() {
    for wrong in [
        "",
        "soon",
        "* * * *",
        "60 * * * * *",
        "0 0 9 * * MON-FRI 2027",
        "0 0 9 * * FUN",
        "0/5 * * * * *",
    ] {
        let message = check_cron(wrong).expect_err(wrong);
        assert!(
            message.contains("is not a cron expression") && message.contains("`0 0 9 * * MON-FRI`"),
            "{message}"
        );
    }
    let never = check_cron("0 0 9 30 2 *").expect_err("no such day");
    assert!(never.contains("never matches"), "{never}");
    assert_eq!(check_cron("0 0 9 29 2 *"), Ok(()));
    let zone = time_zone("Europe/Bonn").expect_err("no zone");
    assert!(
        zone.contains("`Europe/Bonn`") && zone.contains("IANA"),
        "{zone}"
    );
    for good in [
        "UTC",
        "Europe/Berlin",
        "Asia/Kolkata",
        "America/Argentina/Buenos_Aires",
    ] {
        assert!(time_zone(good).is_ok(), "{good}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(cron in ".{0,40}", zone in ".{0,30}") {
        let _ = (parse(&cron), time_zone(&zone));
    }

    /// The last time before a moment is the one after which the next lies beyond it, also where clocks change.
    #[test]
    fn the_latest_time_is_the_last_of_all_times(
        cron in prop::sample::select(vec![
            "0 30 2 * * *", "0 */15 * * * *", "*/20 * * * * *", "0 0 9 * * MON-FRI", "0 30 1,2 * * *", "0 0 0 1 * *", "0 0 3 L * *",
        ]),
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]),
        now in 1_760_000_000_000_i64..1_800_000_000_000,
    ) {
        let schedule = schedule(cron, zone);
        let latest = schedule.latest(now).expect("a time");
        prop_assert!(latest <= now);
        let next = schedule.next(latest).expect("a time");
        prop_assert!(next > now, "{} then {}", schedule.local_time(latest), schedule.local_time(next));
        prop_assert_eq!(schedule.next(latest - 1), Some(latest));
        prop_assert_eq!(schedule.next(now), Some(next));
    }
}
