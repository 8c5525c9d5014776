//! The choices of a field, read from the user's account: searched, and given page by page.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::azure_devops::provider::ProviderAccess;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::state::App;
use crate::{credentials, integration};
use paragon_azure_devops::field_sources::{
    self, FieldSource, Listing, Parameters, Record, SOURCES, is_name,
};

/// Choices in one answer.
const PAGE: usize = 100;
/// Entries asked of the provider at once.
const PROVIDER_PAGE: usize = 500;
/// Pages asked of the provider at most: 10,000 entries.
const MAX_PROVIDER_PAGES: usize = 20;
/// Teams whose members are looked at when no team is named.
const MAX_TEAMS: usize = 25;
/// Teams asked for at the same time.
const TEAMS_AT_ONCE: usize = 4;

/// What is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldOptionsRequest {
    action: String,
    source_key: String,
    #[serde(default)]
    parameters: Option<Vec<Parameter>>,
    #[serde(default)]
    pagination_parameters: Option<Pagination>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Parameter {
    key: String,
    source: ParameterSource,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ParameterSource {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    value: Value,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    #[serde(default)]
    page_cursor: Value,
    #[serde(default)]
    search: Option<String>,
}

/// One page of choices.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldOptions {
    records: Vec<Record>,
    /// What `pageCursor` must be for the page after it; null at the end.
    next_page_cursor: Option<String>,
}

/// One page of choices.
pub async fn field_options(
    app: &Arc<App>,
    caller: &EndUser,
    selection: &Selection,
    request: FieldOptionsRequest,
) -> ApiResult<FieldOptions> {
    integration::service::check_name(&request.action)?;
    let source = field_sources::find(&request.source_key)
        .ok_or_else(|| unknown_source(&request.source_key))?;
    let given = parameters(source, request.parameters.unwrap_or_default())?;
    let pagination = request.pagination_parameters.unwrap_or_default();
    let skip = cursor(&pagination.page_cursor)?;
    let selector = selection.credential.as_deref();
    let credential = credentials::service::select(app, caller, AZURE_DEVOPS, selector).await?;
    let access = ProviderAccess::new(app, caller, credential)?;
    let mut records = read(&access, source, &given).await?;
    if let Some(search) = pagination.search.map(|text| text.trim().to_lowercase()) {
        records.retain(|record| {
            record.label.to_lowercase().contains(&search)
                || record.value.to_lowercase().contains(&search)
        });
    }
    let end = skip.saturating_add(PAGE);
    let next = (end < records.len()).then(|| end.to_string());
    let page = records.into_iter().skip(skip).take(PAGE).collect();
    Ok(FieldOptions {
        records: page,
        next_page_cursor: next,
    })
}

fn unknown_source(key: &str) -> ApiError {
    let known: Vec<_> = SOURCES.iter().map(|source| source.key).collect();
    let shown: String = key.chars().take(100).collect();
    let message = format!(
        "there is no source `{}` for `{AZURE_DEVOPS}`; valid sources are {}",
        shown.escape_debug(),
        known.join(", ")
    );
    ApiError::new(ErrorCode::DataSourceNotFound, message)
}

/// Parameters that the source does not know are left out: a form sends all of its fields along.
fn parameters(source: &FieldSource, given: Vec<Parameter>) -> ApiResult<Parameters> {
    let mut parameters = Parameters::default();
    let known = |name: &str| source.required.contains(&name) || source.optional.contains(&name);
    for Parameter {
        key,
        source: ParameterSource { kind, value },
    } in given
    {
        if !known(&key) || value.is_null() || value == "" {
            continue;
        }
        if kind != "VALUE" {
            return Err(ApiError::invalid(format!(
                "parameter `{key}` has a source of type `{}`; only `VALUE` is supported",
                kind.escape_debug()
            )));
        }
        let name = value.as_str().filter(|text| is_name(text));
        let name = name.ok_or_else(|| {
            ApiError::invalid(format!(
                "parameter `{key}` must be a name or id: text without slashes"
            ))
        })?;
        parameters.set(&key, name.to_owned());
    }
    if let Some(missing) = source
        .required
        .iter()
        .find(|name| parameters.get(name).is_none())
    {
        return Err(ApiError::invalid(format!(
            "source `{}` needs the parameter `{missing}`: {{\"key\":\"{missing}\",\"source\":{{\"type\":\"VALUE\",\"value\":\"…\"}}}}",
            source.key
        )));
    }
    Ok(parameters)
}

/// How many records stand on the pages before; clients begin with the number 0.
fn cursor(cursor: &Value) -> ApiResult<usize> {
    let number = match cursor {
        Value::Null => Some(0),
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
        Value::String(text) if text.is_empty() => Some(0),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| {
        ApiError::invalid("`pageCursor` must be 0 or the `nextPageCursor` of the previous page")
    })
}

async fn read(
    access: &ProviderAccess,
    source: &FieldSource,
    given: &Parameters,
) -> ApiResult<Vec<Record>> {
    match source.listing {
        Listing::Whole | Listing::Tree => {
            let answer = access.get(&field_sources::path(source, given)).await?;
            Ok(field_sources::records(source, &answer))
        }
        Listing::Paged => paged(access, source, &field_sources::path(source, given)).await,
        Listing::Members => members(access, source, given).await,
    }
}

async fn paged(
    access: &ProviderAccess,
    source: &FieldSource,
    path: &str,
) -> ApiResult<Vec<Record>> {
    let mut records = Vec::new();
    for page in 0..MAX_PROVIDER_PAGES {
        let skip = page * PROVIDER_PAGE;
        let answer = access
            .get(&format!("{path}&$top={PROVIDER_PAGE}&$skip={skip}"))
            .await?;
        let count = answer["value"].as_array().map_or(0, Vec::len);
        records.extend(field_sources::records(source, &answer));
        if count < PROVIDER_PAGE {
            break;
        }
    }
    Ok(records)
}

/// Each person once, by name.
async fn members(
    access: &ProviderAccess,
    source: &FieldSource,
    given: &Parameters,
) -> ApiResult<Vec<Record>> {
    let teams = match &given.team {
        Some(team) => vec![team.clone()],
        None => teams(access, given).await?,
    };
    let paths: Vec<_> = teams
        .iter()
        .map(|team| field_sources::members_path(given, team))
        .collect();
    let answers: Vec<Value> = stream::iter(paths)
        .map(|path| async move { access.get(&path).await })
        .buffered(TEAMS_AT_ONCE)
        .try_collect()
        .await?;
    let mut seen = HashSet::new();
    let mut people: Vec<Record> = answers
        .iter()
        .flat_map(|answer| field_sources::records(source, answer))
        .filter(|record| seen.insert(record.value.clone()))
        .collect();
    people.sort_by_key(|record| record.label.to_lowercase());
    Ok(people)
}

async fn teams(access: &ProviderAccess, given: &Parameters) -> ApiResult<Vec<String>> {
    let path = format!("{}&$top={MAX_TEAMS}", field_sources::teams_path(given));
    let answer = access.get(&path).await?;
    let rows = answer["value"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(rows
        .iter()
        .filter_map(|team| team["id"].as_str().map(str::to_owned))
        .collect())
}
