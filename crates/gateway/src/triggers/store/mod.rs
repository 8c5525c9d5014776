//! Triggers that work of themselves, and whether they follow what is set: schedules and when they are due.
//!
//! Whatever changes what a trigger should do marks the state as unsettled, in the same transaction; settling reckons the
//! trigger anew, and counts only if nothing changed meanwhile.

pub mod hooks;
pub mod inbox;
pub mod wanted_hooks;

use std::collections::BTreeSet;

use sqlx::{AnyConnection, FromRow};
use uuid::Uuid;

use self::inbox::{Arrival, insert_arrival};
use self::wanted_hooks::NewHook;
use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::store::dialect::Dialect;
use crate::store::turns::Turn;
use crate::store::{Store, column};

/// Marks a state as unsettled at `$5`, later than any mark before.
pub(crate) const UNSETTLED: &str =
    "unsettled_since = CASE WHEN $5 > coalesce(workflow_states.unsettled_since, 0) THEN $5
        ELSE workflow_states.unsettled_since + 1 END";

/// Whose triggers something has changed for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StatesOf<'a> {
    Configuration(Uuid),
    Credential(Uuid),
    User(&'a str, &'a UserId),
    Workflow(&'a str, &'a str),
}

/// Marks states that are switched on as unsettled.
///
/// On `PostgreSQL` they are locked in the order in which all lock them: those of a whole workflow or user are many.
pub(crate) async fn unsettle(
    connection: &mut AnyConnection,
    dialect: Dialect,
    whose: StatesOf<'_>,
    now: Millis,
) -> Result<(), sqlx::Error> {
    let lock = dialect.row_lock_of("state");
    let (which, first, second) = match whose {
        StatesOf::Configuration(id) => ("own.id = $2", id.to_string(), None),
        StatesOf::Credential(id) => ("owner.id = $2", id.to_string(), None),
        StatesOf::User(project, user) => (
            "owner.project_id = $2 AND owner.user_id = $3",
            project.to_owned(),
            Some(user.as_str()),
        ),
        StatesOf::Workflow(project, workflow) => (
            "owner.project_id = $2 AND state.workflow_id = $3",
            project.to_owned(),
            Some(workflow),
        ),
    };
    let sql = format!(
        "UPDATE workflow_states SET unsettled_since = CASE WHEN $1 > coalesce(unsettled_since, 0) THEN $1
            ELSE unsettled_since + 1 END
         WHERE (configuration_id, workflow_id) IN (SELECT state.configuration_id, state.workflow_id
            FROM workflow_states state JOIN configurations own ON own.id = state.configuration_id
            JOIN credentials owner ON owner.id = own.credential_id
            WHERE state.enabled = 1 AND {which} ORDER BY state.configuration_id, state.workflow_id {lock})"
    );
    let query = sqlx::query(&sql).bind(now).bind(first);
    let query = match second {
        Some(second) => query.bind(second),
        None => query,
    };
    query.execute(connection).await.map(drop)
}

/// A user's switch of a workflow, and what its trigger does.
#[derive(Debug, Clone)]
pub struct TriggerState {
    /// Project.
    pub project: String,
    /// User.
    pub user: UserId,
    /// Account.
    pub credential: Uuid,
    /// Its configuration.
    pub configuration: Uuid,
    /// Workflow.
    pub workflow: String,
    /// Switched on.
    pub enabled: bool,
    /// What `next_due` was reckoned from.
    pub schedule: Option<String>,
    /// When the schedule is due next, epoch milliseconds.
    pub next_due: Option<Millis>,
    /// Since when the trigger does not follow what is set, epoch milliseconds; 0 if it does.
    pub unsettled_since: Millis,
}

#[derive(FromRow)]
struct Raw {
    project_id: String,
    user_id: String,
    credential_id: String,
    configuration_id: String,
    workflow_id: String,
    enabled: i64,
    schedule: Option<String>,
    next_due: Option<i64>,
    unsettled_since: Option<i64>,
}

impl TryFrom<Raw> for TriggerState {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("workflow_states", &raw.configuration_id);
        Ok(Self {
            project: raw.project_id,
            user: UserId(raw.user_id),
            credential: row.uuid("credential_id", &raw.credential_id)?,
            configuration: row.uuid("configuration_id", &raw.configuration_id)?,
            workflow: raw.workflow_id,
            enabled: raw.enabled != 0,
            schedule: raw.schedule,
            next_due: raw.next_due,
            unsettled_since: raw.unsettled_since.unwrap_or_default(),
        })
    }
}

impl TriggerState {
    /// The order in which states are locked.
    fn order(&self) -> (Uuid, &str) {
        (self.configuration, &self.workflow)
    }
}

/// The accounts whose turn it is where these states are written.
fn accounts_of<'a>(states: impl Iterator<Item = &'a TriggerState>) -> Vec<Turn<'static>> {
    let accounts: BTreeSet<Uuid> = states.map(|state| state.credential).collect();
    accounts.into_iter().map(Turn::Account).collect()
}

const SELECT: &str = "SELECT owner.project_id, owner.user_id, own.credential_id, state.configuration_id, state.workflow_id,
        state.enabled, state.schedule, state.next_due, state.unsettled_since
     FROM workflow_states state JOIN configurations own ON own.id = state.configuration_id
     JOIN credentials owner ON owner.id = own.credential_id";

/// What a trigger should do.
#[derive(Debug, Default)]
pub struct WantedTrigger {
    /// Its schedule.
    pub schedule: Option<String>,
    /// When that is due next, epoch milliseconds.
    pub next_due: Option<Millis>,
    /// Its subscription at the provider.
    pub hook: Option<NewHook>,
}

/// A schedule whose time has come, and what it brings.
#[derive(Debug)]
pub struct Due<'a> {
    /// The state as it was read.
    pub state: &'a TriggerState,
    /// What is written down for it.
    pub arrival: Arrival<'a>,
    /// When it is due after that; none: never again.
    pub next: Option<Millis>,
}

impl Store {
    /// Marks the states of every workflow that has another version than they were told of.
    pub async fn unsettle_changed_workflows(&self, now: Millis) -> Result<(), sqlx::Error> {
        let changed: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT project_id, id, version FROM workflows WHERE settled_version <> version",
        )
        .fetch_all(&self.pool)
        .await?;
        for (project, workflow, version) in changed {
            let mut transaction = self.begin().await?;
            let told = sqlx::query(
                "UPDATE workflows SET settled_version = $3 WHERE project_id = $1 AND id = $2 AND settled_version <> $3",
            )
            .bind(&project)
            .bind(&workflow)
            .bind(version)
            .execute(&mut *transaction)
            .await?;
            if told.rows_affected() == 1 {
                let whose = StatesOf::Workflow(&project, &workflow);
                unsettle(&mut transaction, self.dialect, whose, now).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }

    /// States whose trigger does not follow what is set, oldest first.
    pub async fn unsettled(&self, limit: u32) -> Result<Vec<TriggerState>, sqlx::Error> {
        let sql = format!(
            "{SELECT} WHERE state.unsettled_since IS NOT NULL ORDER BY state.unsettled_since LIMIT $1"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(column::readable(rows))
    }

    /// Keeps what was reckoned for states. Where something changed since a state was read, nothing is kept.
    pub async fn settle(
        &self,
        reckoned: &[(&TriggerState, WantedTrigger)],
        now: Millis,
    ) -> Result<(), sqlx::Error> {
        let states = reckoned.iter().map(|(state, _)| *state);
        let mut transaction = self.begin_in_turn(&accounts_of(states)).await?;
        let mut reckoned: Vec<_> = reckoned.iter().collect();
        reckoned.sort_by_key(|(state, _)| state.order());
        for (state, wanted) in reckoned {
            let done = sqlx::query(
                "UPDATE workflow_states SET schedule = $1, next_due = $2, unsettled_since = NULL
                 WHERE configuration_id = $3 AND workflow_id = $4 AND unsettled_since = $5",
            )
            .bind(wanted.schedule.as_deref())
            .bind(wanted.next_due)
            .bind(state.configuration.to_string())
            .bind(&state.workflow)
            .bind(state.unsettled_since)
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 1 {
                wanted_hooks::want(&mut transaction, state, wanted.hook.as_ref(), now).await?;
            }
        }
        transaction.commit().await
    }

    /// Schedules that are due at `now`, the longest first. An account that does not work waits, and so does a workflow
    /// that is gone or has a version that is not settled.
    pub async fn due(&self, now: Millis, limit: u32) -> Result<Vec<TriggerState>, sqlx::Error> {
        let sql = format!(
            "{SELECT} JOIN workflows offered ON offered.project_id = owner.project_id AND offered.id = state.workflow_id
             WHERE state.next_due <= $1 AND state.enabled = 1 AND state.unsettled_since IS NULL
                AND offered.version = offered.settled_version AND owner.status = 'VALID'
             ORDER BY state.next_due LIMIT $2"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(column::readable(rows))
    }

    /// Moves schedules on and writes down that they were due: both or none. Gives, in their order, which ones were this
    /// call's to take; the others another process took, or somebody changed them.
    pub async fn take_due(&self, due: &[Due<'_>]) -> Result<Vec<bool>, sqlx::Error> {
        let states = due.iter().map(|one| one.state);
        let mut transaction = self.begin_in_turn(&accounts_of(states)).await?;
        let mut taken = vec![false; due.len()];
        let mut places: Vec<_> = (0..due.len()).collect();
        places.sort_by_key(|place| due[*place].state.order());
        for place in places {
            let one = &due[place];
            let moved = sqlx::query(
                "UPDATE workflow_states SET next_due = $1 WHERE configuration_id = $2 AND workflow_id = $3 AND next_due = $4
                    AND enabled = 1 AND unsettled_since IS NULL",
            )
            .bind(one.next)
            .bind(one.state.configuration.to_string())
            .bind(&one.state.workflow)
            .bind(one.state.next_due)
            .execute(&mut *transaction)
            .await?;
            taken[place] = moved.rows_affected() == 1
                && insert_arrival(&mut transaction, &one.arrival).await?;
        }
        transaction.commit().await?;
        Ok(taken)
    }
}
