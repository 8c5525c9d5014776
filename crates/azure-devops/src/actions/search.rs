//! `AZURE_DEVOPS_SEARCH_WORKITEMS`: a query gives ids, the batch endpoint gives the items.
//!
//! Sources: <https://learn.microsoft.com/rest/api/azure/devops/wit/wiql/query-by-wiql>,
//! <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/get-work-items-batch>

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::{Filter, FilterError, Group, Join};
use super::names::{FieldName, PathName, project_prefix};
use super::request::{API_VERSION, ProviderRequest};
use super::wiql;
use super::work_item::WorkItem;

/// Ids that the batch endpoint takes at once.
pub const BATCH: usize = 200;
/// Items that are given when the caller does not say how many.
const DEFAULT_TOP: usize = 200;
/// Longest query the provider takes.
pub const MAX_QUERY_CHARS: usize = 32_000;

/// Finds work items, by filters or by a query of the caller's own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchInput {
    /// Project, by name or ID. If omitted: every project that the account can read. With `wiql`, only sets `@project`.
    pub project: Option<PathName>,
    /// How `filters` and `groups` are joined; `AND` if omitted.
    pub join: Option<Join>,
    /// Comparisons.
    #[schemars(length(max = 100))]
    pub filters: Option<Vec<Filter>>,
    /// Comparisons in parentheses.
    #[schemars(length(max = 100))]
    pub groups: Option<Vec<Group>>,
    /// Order of the items: by the first entry, then by the next.
    #[schemars(length(max = 10))]
    pub order_by: Option<Vec<Order>>,
    /// A query in the Work Item Query Language, in place of `join`, `filters`, `groups` and `orderBy`. It runs unchanged:
    /// do not insert text from users.
    #[schemars(length(min = 1, max = 32_000))]
    pub wiql: Option<String>,
    /// Dates are compared with their time; otherwise only by day, and a time is refused.
    pub time_precision: Option<bool>,
    /// Fields to return, by reference name; if omitted, all that have a value.
    #[schemars(length(min = 1, max = 200))]
    pub fields: Option<Vec<FieldName>>,
    /// Maximum number of items; 200 if omitted.
    #[schemars(range(min = 1, max = 10_000))]
    pub top: Option<u32>,
}

/// One key of the order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// Field, by reference name or name.
    pub field: FieldName,
    /// `ASC` if omitted.
    pub direction: Option<Direction>,
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(inline)]
#[expect(
    missing_docs,
    reason = "a variant is its word; a comment would become part of the schema"
)]
pub enum Direction {
    #[default]
    Asc,
    Desc,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchOutput {
    /// The items, in the query's order.
    pub work_items: Vec<WorkItem>,
    /// Whether the query matches more than `top`.
    pub has_more: bool,
    /// Links, when the query asks for links (`FROM WorkItemLinks`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Link>>,
}

/// A link that a query found; an item at the top of a tree has neither `rel` nor `source`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Link {
    /// Kind of the link.
    pub rel: Option<String>,
    /// Id of the item the link starts from.
    pub source: Option<i64>,
    /// Id of the item it leads to.
    pub target: i64,
}

/// Answer to a query: ids, not yet items.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Ids in the query's order, each once.
    pub ids: Vec<i64>,
    /// Whether there are more than asked for.
    pub has_more: bool,
    /// Links of a query for links.
    pub links: Option<Vec<Link>>,
}

impl SearchInput {
    /// The caller's query, or the one built of the filters.
    ///
    /// # Errors
    /// [`FilterError`] for a filter whose parts do not fit.
    pub fn query(&self) -> Result<String, FilterError> {
        self.wiql.clone().map_or_else(|| wiql::query(self), Ok)
    }

    /// The request that runs `query`: for one result more than is given, to know whether there are more.
    pub fn query_request(&self, query: &str) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let top = self.top() + 1;
        let precision = if self.time_precision == Some(true) {
            "&timePrecision=true"
        } else {
            ""
        };
        let path = format!("{project}/_apis/wit/wiql?$top={top}&{API_VERSION}{precision}");
        ProviderRequest::post(path, json!({"query": query}))
    }

    /// The ids in the answer; `None` when it is not of the documented form.
    pub fn found(&self, answer: &Value) -> Option<Found> {
        let id = |value: &Value| value["id"].as_i64();
        let top = self.top();
        if let Some(rows) = answer["workItems"].as_array() {
            let ids: Option<Vec<_>> = rows.iter().take(top).map(id).collect();
            return Some(Found {
                ids: distinct(ids?.into_iter()),
                has_more: rows.len() > top,
                links: None,
            });
        }
        let rows = answer["workItemRelations"].as_array()?;
        let link = |row: &Value| {
            Some(Link {
                rel: row["rel"].as_str().map(str::to_owned),
                source: id(&row["source"]),
                target: id(&row["target"])?,
            })
        };
        let links: Vec<_> = rows.iter().take(top).map(link).collect::<Option<_>>()?;
        Some(Found {
            ids: distinct(
                links
                    .iter()
                    .flat_map(|link| link.source.into_iter().chain([link.target])),
            ),
            has_more: rows.len() > top,
            links: Some(links),
        })
    }

    /// The request for the items with these ids, [`BATCH`] at most.
    ///
    /// Of the organization, since a query can find items of several projects. An item that was deleted after the query, or
    /// that the user may not read, is left out by the provider.
    pub fn batch_request(&self, ids: &[i64]) -> ProviderRequest {
        let mut body = json!({"ids": ids, "errorPolicy": "omit"});
        if let Some(fields) = &self.fields {
            body["fields"] = fields.iter().map(FieldName::as_str).collect();
        }
        ProviderRequest::post(format!("/_apis/wit/workitemsbatch?{API_VERSION}"), body)
    }

    fn top(&self) -> usize {
        self.top
            .and_then(|top| usize::try_from(top).ok())
            .unwrap_or(DEFAULT_TOP)
    }
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut seen = HashSet::new();
    ids.filter(|id| seen.insert(*id)).collect()
}

/// The items of a batch's answer; `None` when it is not of the documented form.
pub fn items(answer: &Value) -> Option<Vec<WorkItem>> {
    let rows = answer["value"].as_array()?;
    let present = rows.iter().filter(|row| !row.is_null());
    present
        .map(|row| serde_json::from_value(row.clone()).ok())
        .collect()
}

/// `items` in the order of `ids`, which the batch endpoint does not promise.
pub fn in_order(ids: &[i64], items: Vec<WorkItem>) -> Vec<WorkItem> {
    let mut by_id: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
