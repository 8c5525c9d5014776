//! What a step writes down about the change that it is going to ask for.
//!
//! While the note is there, an earlier try may have reached the service, and what became of it is not known: a repeat has
//! to look first. It is taken away when the service refused the only try there was.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::ApiResult;
use crate::store::Store;
use paragon_azure_devops::actions::repeat::Link;

/// How things were before the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BegunChange {
    /// Revision of the work item; none once it is known that no update was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// Links that are to be removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Link>,
}

/// Where a step's note is kept.
#[derive(Debug, Clone, Copy)]
pub enum ChangeLog<'a> {
    /// With the step of a run.
    Step {
        /// The database.
        store: &'a Store,
        /// Run.
        run: Uuid,
        /// Path of the step.
        path: &'a str,
    },
    /// Nowhere: a step that is only tried out is never repeated.
    Nowhere,
}

impl ChangeLog<'_> {
    /// The note of an earlier try whose outcome is not known.
    pub async fn read(self) -> ApiResult<Option<BegunChange>> {
        match self {
            Self::Step { store, run, path } => Ok(store.begun_change(run, path).await?),
            Self::Nowhere => Ok(None),
        }
    }

    /// Writes the note unless there is one: `false`, and an earlier try, or that of another gateway, may have reached the
    /// service. Of several who begin at once one does.
    pub async fn begin(self, change: &BegunChange) -> ApiResult<bool> {
        match self {
            Self::Step { store, run, path } => Ok(store.begin_change(run, path, change).await?),
            Self::Nowhere => Ok(true),
        }
    }

    /// Writes the note; the change must not be asked for without it.
    pub async fn write(self, change: &BegunChange) -> ApiResult<()> {
        match self {
            Self::Step { store, run, path } => {
                Ok(store.note_change(run, path, Some(change)).await?)
            }
            Self::Nowhere => Ok(()),
        }
    }

    /// Takes the note away: the change was not made.
    pub async fn clear(self) -> ApiResult<()> {
        match self {
            Self::Step { store, run, path } => {
                Ok(store.note_change(run, path, None::<&BegunChange>).await?)
            }
            Self::Nowhere => Ok(()),
        }
    }
}
