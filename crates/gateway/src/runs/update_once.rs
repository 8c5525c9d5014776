//! Changing a work item exactly once, although the answer of an earlier try may have been lost.
//!
//! Before the first try the item is looked at, and its revision and the links to be removed are written down. Every try
//! tests a revision, so that an earlier one that is still on its way cannot come on top of it. A repeat looks at what the
//! item has now, and asks only for what is missing.
//!
//! Steps of one item take turns: of two equal changes that begin at one revision, nobody could say whose was made.

use std::time::Duration;

use paragon_wire::ErrorCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::change_log::{BegunChange, ChangeLog};
use crate::actions::service::{read_only, save};
use crate::azure_devops::provider::{ProviderAccess, unreadable};
use crate::error::{ApiError, ApiResult};
use crate::leases::service::Queue;
use crate::state::App;
use paragon_azure_devops::actions::ProviderRequest;
use paragon_azure_devops::actions::repeat::{Author, HISTORY, is_made_by, links_at, rest};
use paragon_azure_devops::actions::update::{UPDATES, UpdateInput};
use paragon_azure_devops::actions::work_item::WorkItem;

/// How long the item of a step is kept for its repeat: a killed gateway's steps are taken up sooner.
const LEASE: Duration = Duration::from_secs(30);
/// How long a step waits for another of its item before it is put off: meanwhile it keeps a place from other steps.
const WAIT: Duration = Duration::from_secs(2);
/// Times that somebody else's change in between is taken in.
const MOST_LOOKS: usize = 10;

/// A step that changes an item.
#[derive(Clone, Copy)]
pub struct UpdateStep<'a> {
    /// The gateway.
    pub app: &'a App,
    /// The way to the provider.
    pub access: &'a ProviderAccess,
    /// What the change is.
    pub input: &'a UpdateInput,
    /// Where it is written down.
    pub log: ChangeLog<'a>,
    /// The step of the run, as the holder of a lease.
    pub holder: &'a str,
}

impl UpdateStep<'_> {
    /// Makes the change, unless it is made already, and gives the item.
    ///
    /// # Errors
    /// Those of the database and of the provider; `ProviderThrottled` while other steps change the item.
    pub async fn perform(self) -> ApiResult<Value> {
        let item = format!("item/{}/{}", self.access.organization(), self.input.id);
        let deadline = Instant::now() + WAIT;
        let queue = Queue::new(&self.app.store, (&item, self.holder), LEASE, deadline);
        let lease = queue.wait().await?.ok_or_else(busy)?;
        let result = self.change().await;
        // While the outcome is not known, the item waits for the repeat.
        if result.is_ok() || !self.is_in_doubt().await.unwrap_or(true) {
            lease.give_back().await;
        }
        result
    }

    async fn is_in_doubt(&self) -> ApiResult<bool> {
        let begun = self.log.read().await?;
        Ok(begun.is_some_and(|begun| begun.revision.is_some()))
    }

    async fn change(&self) -> ApiResult<Value> {
        let earlier = self.log.read().await?;
        let mut item = self.item().await?;
        let (mut begun, mut left) = if let Some(begun) = earlier {
            let left = self.left(&item, &begun).await?;
            (begun, left)
        } else {
            let places = self.input.remove_relations.as_deref().unwrap_or_default();
            let Some(removed) = links_at(&item, places) else {
                // The service refuses a place beyond the list.
                return self.send(self.input, item.rev).await;
            };
            let begun = BegunChange {
                revision: None,
                removed,
            };
            (begun, self.input.clone())
        };
        let was_in_doubt = begun.revision.is_some();
        for _ in 0..MOST_LOOKS {
            if left.is_empty() {
                tracing::info!("the change of an earlier try was found");
                return Ok(json!(item));
            }
            let expected = self.input.expected_revision.map(i64::from);
            let revision = expected.or(item.rev);
            if begun.revision != revision {
                begun.revision = revision;
                self.log.write(&begun).await?;
            }
            let error = match self.send(&left, revision).await {
                Ok(item) => return Ok(item),
                Err(error) => error,
            };
            // Somebody else's change came in between: it is taken in, unless the caller wants it otherwise.
            let is_moved = error.code == ErrorCode::ProviderConflict && expected.is_none();
            // An earlier try may have come in between, so that its links are there already.
            let may_be_made = was_in_doubt
                && matches!(
                    error.code,
                    ErrorCode::ProviderConflict | ErrorCode::ProviderRejected
                );
            if !is_moved && !may_be_made {
                if !error.is_in_doubt && !was_in_doubt {
                    self.undo_doubt(begun).await?;
                }
                return Err(error);
            }
            item = self.item().await?;
            left = self.left(&item, &begun).await?;
            if !is_moved && !left.is_empty() {
                return Err(error);
            }
        }
        Err(busy())
    }

    /// What an earlier try did not do.
    async fn left(&self, item: &WorkItem, begun: &BegunChange) -> ApiResult<UpdateInput> {
        let are_set = self.are_fields_set(item, begun).await?;
        let items = self.access.work_items_url()?;
        Ok(rest(self.input, item, &begun.removed, are_set, &items))
    }

    /// Whether the revision that follows the one of the last try is that try's.
    async fn are_fields_set(&self, item: &WorkItem, begun: &BegunChange) -> ApiResult<bool> {
        let Some(fields) = self.input.fields.as_ref().filter(|one| !one.0.is_empty()) else {
            return Ok(true);
        };
        let Some(before) = begun.revision.filter(|before| item.rev > Some(*before)) else {
            return Ok(false);
        };
        let revision = before + 1;
        let connection = ProviderRequest::get("/_apis/connectionData".to_owned());
        let author = Author::read(&self.read(&connection).await?).ok_or_else(unreadable)?;
        let comments = if fields.0.contains_key(HISTORY) {
            self.comments(revision).await?
        } else {
            Vec::new()
        };
        let revision = self.read(&self.input.revision_request(revision)).await?;
        let revision = serde_json::from_value(revision).map_err(|_| unreadable())?;
        Ok(is_made_by(self.input, &author, &revision, &comments))
    }

    /// Comments that came with a revision. Updates have numbers of their own, which are never lower than revisions.
    async fn comments(&self, revision: i64) -> ApiResult<Vec<Value>> {
        let mut found = Vec::new();
        for from in ((revision - 1)..).step_by(UPDATES) {
            let answer = self.read(&self.input.updates_request(from)).await?;
            let updates = answer["value"].as_array().ok_or_else(unreadable)?;
            let of_it = updates.iter().filter(|update| update["rev"] == revision);
            found.extend(of_it.map(|update| update["fields"][HISTORY]["newValue"].clone()));
            let is_last = updates.len() < UPDATES;
            if is_last
                || updates
                    .iter()
                    .any(|update| update["rev"].as_i64() > Some(revision))
            {
                break;
            }
        }
        Ok(found)
    }

    async fn send(&self, left: &UpdateInput, revision: Option<i64>) -> ApiResult<Value> {
        let tested = UpdateInput {
            expected_revision: revision.and_then(|revision| u32::try_from(revision).ok()),
            ..left.clone()
        };
        save(self.access, &tested.request(&self.access.work_items_url()?)).await
    }

    /// The only try was refused. Which links are meant stays known: others may change their places before the next.
    async fn undo_doubt(&self, begun: BegunChange) -> ApiResult<()> {
        let begun = BegunChange {
            revision: None,
            ..begun
        };
        self.log.write(&begun).await
    }

    async fn item(&self) -> ApiResult<WorkItem> {
        let item = self.read(&self.input.item_request()).await?;
        serde_json::from_value(item).map_err(|_| unreadable())
    }

    async fn read(&self, request: &ProviderRequest) -> ApiResult<Value> {
        Ok(read_only(self.access, request).await?.0)
    }
}

fn busy() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderThrottled,
        "others are changing this work item; the step is retried later",
    )
    .with_retry_after(Some(WAIT))
}
