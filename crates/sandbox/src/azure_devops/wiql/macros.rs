//! What `@…` stands for.
//!
//! Source: <https://learn.microsoft.com/azure/devops/boards/queries/query-operators-variables>

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::super::model::{Node, Project};
use super::ast::Operand;
use super::error::QueryError;
use super::eval::Context;

/// Macros of the service that nothing is known of here.
const NOT_SIMULATED: &[&str] = &[
    "Follows",
    "MyRecentActivity",
    "RecentMentions",
    "RecentProjectActivity",
    "TeamAreas",
];

/// The macro of an operand: name in lower case, argument, and what is added.
pub(super) fn of(operand: &Operand) -> Option<(String, Option<&str>, i64)> {
    match operand {
        Operand::Macro(name, offset) => Some((name.to_ascii_lowercase(), None, *offset)),
        Operand::Call(name, argument, offset) => {
            Some((name.to_ascii_lowercase(), Some(argument), *offset))
        }
        _ => None,
    }
}

/// # Errors
/// The operand is one of the service that is not simulated.
pub(super) fn check(operand: &Operand) -> Result<(), QueryError> {
    if *operand == Operand::Group {
        return Err(QueryError::NotSimulated("IN GROUP".to_owned()));
    }
    let Some((name, _, _)) = of(operand) else {
        return Ok(());
    };
    match NOT_SIMULATED
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name))
    {
        Some(known) => Err(QueryError::NotSimulated(format!("@{known}"))),
        None => Ok(()),
    }
}

/// The time that a macro stands for; none if it is none of a time, or its argument is none.
pub(super) fn moment(now: Timestamp, operand: &Operand) -> Option<Timestamp> {
    let (name, argument, offset) = of(operand)?;
    let now = now.to_zoned(TimeZone::UTC);
    let today = now.date();
    let (start, unit) = match name.as_str() {
        "today" if argument.is_none() => (today, 'd'),
        "startofday" => (today, 'd'),
        "startofweek" => (start_of_week(today)?, 'w'),
        "startofmonth" => (today.first_of_month(), 'M'),
        "startofyear" => (today.first_of_year(), 'y'),
        _ => return None,
    };
    let start = start.to_zoned(TimeZone::UTC).ok()?;
    let moved = match argument {
        Some(argument) => added(&start, argument, unit)?,
        None => start,
    };
    shifted(&moved, offset, unit).map(|at| at.timestamp())
}

/// Weeks begin on Sunday, as in the service's own language.
fn start_of_week(day: Date) -> Option<Date> {
    let days = day.weekday().since(Weekday::Sunday);
    day.checked_sub(Span::new().days(i64::from(days))).ok()
}

/// `start` and an argument such as `-1M`, whose unit may be left out.
fn added(start: &Zoned, argument: &str, unit: char) -> Option<Zoned> {
    let argument = argument.trim();
    let (number, unit) = match argument.chars().last()? {
        sign if sign.is_ascii_digit() => (argument, unit),
        sign => (argument.strip_suffix(sign)?, sign),
    };
    shifted(start, number.trim().parse().ok()?, unit)
}

fn shifted(from: &Zoned, number: i64, unit: char) -> Option<Zoned> {
    let span = Span::new();
    let span = match unit {
        'm' => span.try_minutes(number),
        'h' => span.try_hours(number),
        'd' => span.try_days(number),
        'w' => span.try_weeks(number),
        'M' => span.try_months(number),
        'y' => span.try_years(number),
        _ => return None,
    };
    from.checked_add(span.ok()?).ok()
}

/// The path of the iteration that `@CurrentIteration` stands for; none if there is none at that time.
///
/// # Errors
/// No team, or one that does not exist.
pub(super) fn iteration(
    context: &Context<'_>,
    argument: Option<&str>,
    offset: i64,
) -> Result<Option<String>, QueryError> {
    let project = if let Some(team) = argument {
        project_of(context, team)?
    } else {
        let (Some(project), Some(team)) = (context.project, context.team) else {
            return Err(QueryError::NoTeam);
        };
        need_team(project, team)?;
        project
    };
    let mut dated = Vec::new();
    collect(&project.iterations, &project.iterations.name, &mut dated);
    dated.sort_by_key(|(start, ..)| *start);
    let now = context.now;
    // The last day counts whole.
    let day = jiff::SignedDuration::from_hours(24);
    let current = dated
        .iter()
        .position(|(start, end, _)| *start <= now && now < *end + day);
    let at = current
        .and_then(|at| i64::try_from(at).ok()?.checked_add(offset))
        .and_then(|at| usize::try_from(at).ok());
    Ok(at
        .and_then(|at| dated.get(at))
        .map(|(_, _, path)| path.clone()))
}

/// The project of `[Project]\Team`, with or without ` <id:…>` behind it.
fn project_of<'c>(context: &Context<'c>, team: &str) -> Result<&'c Project, QueryError> {
    let unknown = || QueryError::UnknownTeam(team.to_owned());
    let (project, name) = team
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]\\"))
        .ok_or_else(unknown)?;
    let name = name.split(" <id:").next().unwrap_or(name);
    let project = context.organization.project(project).ok_or_else(unknown)?;
    need_team(project, name).map(|()| project)
}

fn need_team(project: &Project, name: &str) -> Result<(), QueryError> {
    let is_called = |own: &str| own.eq_ignore_ascii_case(name);
    let mut teams = project.teams.iter();
    if teams.any(|team| is_called(&team.name) || is_called(&team.id.to_string())) {
        return Ok(());
    }
    Err(QueryError::UnknownTeam(name.to_owned()))
}

fn collect(node: &Node, path: &str, into: &mut Vec<(Timestamp, Timestamp, String)>) {
    into.extend(node.dates.map(|(start, end)| (start, end, path.to_owned())));
    for child in &node.children {
        collect(child, &format!("{path}\\{}", child.name), into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_of_times_are_moved_by_their_unit_or_the_one_that_is_named() {
        let now: Timestamp = "2026-11-25T13:45:10Z".parse().expect("a time");
        let call = |name: &str, argument: &str, offset| {
            Operand::Call(name.to_owned(), argument.to_owned(), offset)
        };
        let bare = |name: &str, offset| Operand::Macro(name.to_owned(), offset);
        for (operand, expected) in [
            (bare("Today", -1), "2026-11-24T00:00:00Z"),
            (bare("StartOfDay", 0), "2026-11-25T00:00:00Z"),
            (bare("startofweek", 0), "2026-11-22T00:00:00Z"),
            (bare("StartOfMonth", -1), "2026-10-01T00:00:00Z"),
            (bare("StartOfYear", 1), "2027-01-01T00:00:00Z"),
            (call("StartOfMonth", "-1M", 0), "2026-10-01T00:00:00Z"),
            (call("StartOfMonth", "+3d", 0), "2026-11-04T00:00:00Z"),
            (call("StartOfMonth", "-1", 0), "2026-10-01T00:00:00Z"),
            (call("StartOfDay", "+8h", 0), "2026-11-25T08:00:00Z"),
            (call("StartOfWeek", "1w", 1), "2026-12-06T00:00:00Z"),
            (call("StartOfYear", "-2y", 0), "2024-01-01T00:00:00Z"),
        ] {
            let found = moment(now, &operand).map(|at| at.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{operand:?}");
        }
        for operand in [
            call("StartOfMonth", "M", 0),
            call("StartOfMonth", "1q", 0),
            call("Today", "1d", 0),
            bare("Me", 0),
            call("StartOfYear", "99999999y", 0),
        ] {
            assert_eq!(moment(now, &operand), None, "{operand:?}");
        }
    }
}
