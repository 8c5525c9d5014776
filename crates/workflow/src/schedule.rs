//! When a schedule is due: a cron expression read by the clock of a time zone.
//!
//! Where clocks go forward, a fixed time that does not exist is due at the first moment after the gap. Where they go back,
//! a fixed time that comes twice is due once, the first time; a schedule with `*`, ranges, lists or steps among seconds,
//! minutes and hours is due by every tick of the clock, so not inside the gap, and twice in the hour that comes twice.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Epoch milliseconds.
type Millis = i64;

/// A schedule that is known to be right.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
    name: String,
}

/// Expression and zone with a blank between them: as the database keeps it.
impl std::fmt::Display for Schedule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.cron.as_str(), self.name)
    }
}

impl Schedule {
    /// Reads a cron expression and the IANA name of its time zone.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn read(cron: &str, time_zone: &str) -> Result<Self, String> {
        Ok(Self {
            cron: parse(cron)?,
            zone: self::time_zone(time_zone)?,
            name: time_zone.to_owned(),
        })
    }

    /// Reads what [`Schedule`] writes; none if it is not that.
    pub fn parse(text: &str) -> Option<Self> {
        let (cron, time_zone) = text.rsplit_once(' ')?;
        Self::read(cron, time_zone).ok()
    }

    /// IANA name of its time zone.
    pub fn time_zone_name(&self) -> &str {
        &self.name
    }

    /// The first time after `after`, epoch milliseconds; none if there is none any more.
    pub fn next(&self, after: Millis) -> Option<Millis> {
        let next = self.cron.find_next_occurrence(&self.at(after)?, false);
        next.ok().map(|next| next.timestamp().as_millisecond())
    }

    /// The last time that is not after `now`, epoch milliseconds.
    pub fn latest(&self, now: Millis) -> Option<Millis> {
        let latest = self.cron.find_previous_occurrence(&self.at(now)?, true);
        latest.ok().map(|time| time.timestamp().as_millisecond())
    }

    /// What the zone's clock shows, RFC 3339 with the offset that holds then.
    pub fn local_time(&self, time: Millis) -> String {
        self.at(time)
            .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
            .unwrap_or_default()
    }

    fn at(&self, time: Millis) -> Option<Zoned> {
        let time = Timestamp::from_millisecond(time).ok()?;
        Some(time.to_zoned(self.zone.clone()))
    }
}

/// What is wrong with a cron expression.
///
/// # Errors
/// That, and what would be right.
pub fn check_cron(expression: &str) -> Result<(), String> {
    let cron = parse(expression)?;
    // Every expression that comes at all comes within the 28 years in which the calendar repeats itself.
    let from = jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0);
    let from = from
        .to_zoned(TimeZone::UTC)
        .map_err(|error| error.to_string())?;
    match cron.find_next_occurrence(&from, true) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "`{expression}` never matches: there is no such day"
        )),
    }
}

fn parse(expression: &str) -> Result<Cron, String> {
    let parser = CronParser::builder()
        .seconds(Seconds::Optional)
        .year(Year::Disallowed)
        .build();
    parser.parse(expression).map_err(|error| {
        format!(
            "`{expression}` is not a cron expression ({error}); write second, minute, hour, day of the month, month and day of the week, such as `0 0 9 * * MON-FRI`"
        )
    })
}

/// The time zone of an IANA name.
///
/// # Errors
/// There is none of this name.
pub fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| {
        format!(
            "there is no time zone `{name}`; write an IANA name such as `Europe/Berlin`, or `UTC`"
        )
    })
}

#[cfg(test)]
mod tests;
