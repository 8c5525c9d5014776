//! Schedules that are due: written down as having come in, each time once.

use serde_json::json;
use uuid::Uuid;

use super::inbox;
use super::store::inbox::{Arrival, ArrivalKind};
use super::store::{Due, TriggerState};
use crate::clock::{Millis, rfc3339};
use crate::error::ApiResult;
use crate::state::App;
use paragon_workflow::Schedule;

/// So many are taken at once.
const BATCH: u32 = 100;
/// So often in one sweep; the next one goes on.
const BATCHES: usize = 50;
/// Times that are later than this were missed: only the latest of them counts.
const MISSED_MS: Millis = 60_000;

/// Starts the runs of every schedule that is due.
pub async fn start_due(app: &App) -> ApiResult<()> {
    for _ in 0..BATCHES {
        let now = app.clock.now();
        let states = app.store.due(now, BATCH).await?;
        if states.is_empty() {
            break;
        }
        let times: Vec<_> = states.iter().map(|state| DueTime::of(state, now)).collect();
        let due: Vec<_> = states
            .iter()
            .zip(&times)
            .map(|(state, time)| time.due(state, now))
            .collect();
        let taken = app.store.take_due(&due).await?;
        for (one, _) in due.iter().zip(taken).filter(|(_, is_mine)| *is_mine) {
            tracing::info!(arrival.id = %one.arrival.id, workflow.id = one.state.workflow, "schedule due");
            // Written down it is started in any case: later, if not now.
            if let Err(error) = inbox::start(app, &one.arrival).await {
                tracing::warn!(arrival.id = %one.arrival.id, error = error.in_full(), "it starts its workflow later");
            }
        }
    }
    Ok(())
}

/// One time of a schedule.
struct DueTime {
    next: Option<Millis>,
    payload: String,
    once_key: String,
}

impl DueTime {
    fn of(state: &TriggerState, now: Millis) -> Self {
        let schedule = state.schedule.as_deref().and_then(Schedule::parse);
        let time = state.next_due.unwrap_or(now);
        let time = schedule
            .as_ref()
            .map_or(time, |schedule| due_time(schedule, time, now));
        let payload = schedule.as_ref().map(|schedule| {
            json!({
                "scheduledFor": rfc3339(time),
                "localTime": schedule.local_time(time),
                "timeZone": schedule.time_zone_name(),
            })
        });
        Self {
            next: schedule.and_then(|schedule| schedule.next(time)),
            payload: payload.unwrap_or_default().to_string(),
            once_key: format!("schedule/{}/{}/{time}", state.configuration, state.workflow),
        }
    }

    fn due<'a>(&'a self, state: &'a TriggerState, now: Millis) -> Due<'a> {
        Due {
            state,
            arrival: Arrival {
                id: Uuid::now_v7(),
                project: &state.project,
                user: &state.user,
                target: Some((state.credential, state.configuration)),
                kind: ArrivalKind::Schedule,
                name: &state.workflow,
                payload: &self.payload,
                query: None,
                once_key: Some(&self.once_key),
                now,
            },
            next: self.next,
        }
    }
}

/// The time that is run: `first`, the one that is due, or the latest one if that was missed.
fn due_time(schedule: &Schedule, first: Millis, now: Millis) -> Millis {
    if now.saturating_sub(first) <= MISSED_MS {
        return first;
    }
    schedule
        .latest(now)
        .map_or(first, |latest| latest.max(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_times_that_were_missed_the_latest_counts() {
        let schedule = Schedule::read("0 * * * * *", "UTC").expect("a schedule");
        let minute = |number: Millis| number * 60_000;
        assert_eq!(due_time(&schedule, minute(10), minute(10)), minute(10));
        assert_eq!(
            due_time(&schedule, minute(10), minute(11)),
            minute(10),
            "late, not missed"
        );
        assert_eq!(due_time(&schedule, minute(10), minute(11) + 1), minute(11));
        assert_eq!(
            due_time(&schedule, minute(10), minute(90) + 59_999),
            minute(90)
        );
    }
}
