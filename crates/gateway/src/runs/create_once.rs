//! Creating a work item exactly once, although the answer of an earlier try may have been lost.
//!
//! Each item that a run creates carries a link to the run and step that made it. Before a try is repeated, the items of
//! its title that are new since the run began are looked through for that link. A tag would be found faster, but needs a
//! permission of its own and would stay in everybody's list of tags.

use serde_json::{Value, json};

use crate::actions::service::{read_only, save};
use crate::azure_devops::provider::ProviderAccess;
use crate::error::{ApiError, ApiResult};
use paragon_azure_devops::actions::create::CreateInput;
use paragon_azure_devops::actions::search::{self, BATCH, SearchInput};
use paragon_azure_devops::actions::{Action, ActionKind, ProviderRequest};

/// Items of one title that are looked through.
const MAX_CANDIDATES: usize = 10 * BATCH;

/// What makes a created item known as that of one step.
#[derive(Debug)]
pub struct Marker {
    /// Address of the run and step.
    pub url: String,
    /// What the link says to people.
    pub comment: String,
    /// The day before the run began, `YYYY-MM-DD`: days of the provider are those of the account's time zone.
    pub since: String,
}

/// Creates the item of `input`; with `may_exist` only if it is not there.
pub async fn create(
    access: &ProviderAccess,
    input: CreateInput,
    marker: &Marker,
    may_exist: bool,
) -> ApiResult<Value> {
    if input.validate_only == Some(true) {
        return save(access, &input.request(&access.work_items_url()?)).await;
    }
    if may_exist && let Some(item) = find(access, &input, marker).await? {
        tracing::info!("a work item of an earlier try was found");
        return Ok(item);
    }
    let input = input.with_hyperlink(&marker.url, &marker.comment);
    save(access, &input.request(&access.work_items_url()?)).await
}

async fn find(
    access: &ProviderAccess,
    input: &CreateInput,
    marker: &Marker,
) -> ApiResult<Option<Value>> {
    let mut filters =
        vec![json!({"field": "System.CreatedDate", "operator": ">=", "value": marker.since})];
    if let Some(title) = input.fields.0.get("System.Title").and_then(Value::as_str) {
        filters.push(json!({"field": "System.Title", "operator": "=", "value": title.trim()}));
    }
    let parameters = json!({
        "project": input.project.as_str(), "filters": filters, "top": MAX_CANDIDATES, "fields": ["System.Title"],
    });
    let action = Action::read(ActionKind::Search, &parameters, "").map_err(ApiError::faulty)?;
    let Action::Search(search, query) = action else {
        return Err(ApiError::internal("a search that is none"));
    };
    for ids in candidates(access, &search, &query).await?.chunks(BATCH) {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let path = format!(
            "/_apis/wit/workitems?ids={}&$expand=relations&errorPolicy=omit&api-version=7.1",
            ids.join(",")
        );
        let (answer, _) = read_only(access, &ProviderRequest::get(path)).await?;
        let items = search::items(&answer).unwrap_or_default();
        if let Some(item) = items
            .into_iter()
            .find(|item| is_marked(item.relations.as_deref(), marker))
        {
            return Ok(Some(json!(item)));
        }
    }
    Ok(None)
}

async fn candidates(
    access: &ProviderAccess,
    search: &SearchInput,
    query: &str,
) -> ApiResult<Vec<i64>> {
    let (answer, _) = read_only(access, &search.query_request(query)).await?;
    let found = search.found(&answer);
    Ok(found.map(|found| found.ids).unwrap_or_default())
}

fn is_marked(relations: Option<&[Value]>, marker: &Marker) -> bool {
    let mut relations = relations.unwrap_or_default().iter();
    relations
        .any(|relation| relation["rel"] == "Hyperlink" && relation["url"] == marker.url.as_str())
}
