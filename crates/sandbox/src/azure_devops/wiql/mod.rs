//! The work item query language.

pub(crate) mod ast;
mod compare;
mod cursor;
mod error;
mod eval;
mod lexer;
mod links;
mod macros;
pub(crate) mod parser;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::errors::{ApiError, bad_argument, wit};
use super::fields::{self, Field, Kind};
use super::model::{Organization, WorkItem};
use super::reply::Reply;
use super::work_items::render;
use ast::{Mode, Source, Statement};
use error::QueryError;
use eval::{Context, Subject};

const MAX_LENGTH: usize = 32_000;
const MAX_RESULTS: usize = 20_000;

/// `POST …/_apis/wit/wiql`
pub(crate) fn run(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body = call.object()?;
    let query = body
        .get("query")
        .and_then(Value::as_str)
        .ok_or_else(|| bad_argument("The query must be given in the body."))?;
    if query.chars().count() > MAX_LENGTH {
        return Err(QueryError::TooLong.into());
    }
    let statement = parser::parse(query).map_err(QueryError::from)?;
    answer(call, &statement)
}

/// `GET …/_apis/wit/wiql/{id}`: no queries are stored here.
pub(crate) fn run_stored(_: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    Err(wit(
        404,
        "QueryItemNotFoundException",
        format!(
            "TF401243: The query {id} does not exist, or you do not have permission to read it."
        ),
    ))
}

fn answer(call: &Call<'_>, statement: &Statement) -> Result<Reply, ApiError> {
    let top = call.query.count("$top")?;
    let now = call.inner.now();
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let project = call.project(organization)?;
    let context = Context {
        state: &state,
        now,
        me: call.caller.person,
        organization,
        project,
        team: call.place.get(1).map(String::as_str),
        time_precision: call.query.flag("timeprecision"),
    };
    let columns = known_fields(statement.columns.iter())?;
    let order = known_fields(statement.order.iter().map(|(name, _)| name))?;
    if statement.as_of.is_some() {
        return Err(QueryError::NotSimulated("ASOF".to_owned()).into());
    }
    let mut body = Map::new();
    let is_tree = statement.mode == Some(Mode::Recursive);
    let kind = match statement.source {
        Source::Items => "flat",
        Source::Links if is_tree => "tree",
        Source::Links => "oneHop",
    };
    body.insert("queryType".into(), json!(kind));
    body.insert(
        "queryResultType".into(),
        json!(if statement.source == Source::Items {
            "workItem"
        } else {
            "workItemLink"
        }),
    );
    body.insert("asOf".into(), json!(render::date(now)));
    body.insert(
        "columns".into(),
        columns.iter().map(|field| column(call, field)).collect(),
    );
    if !order.is_empty() {
        let rows = order.iter().zip(&statement.order).map(|(field, (_, descending))| json!({"field": column(call, field), "descending": descending}));
        body.insert("sortColumns".into(), rows.collect());
    }
    let (name, rows) = match statement.source {
        Source::Items => (
            "workItems",
            items(call, &context, organization, statement, &order)?,
        ),
        Source::Links => (
            "workItemRelations",
            relations(call, &context, organization, statement)?,
        ),
    };
    if top.is_none() && rows.len() > MAX_RESULTS {
        return Err(QueryError::TooMany.into());
    }
    body.insert(
        name.into(),
        rows.into_iter().take(top.unwrap_or(MAX_RESULTS)).collect(),
    );
    Ok(Reply::ok(Value::Object(body)))
}

fn known_fields<'a>(
    names: impl Iterator<Item = &'a String>,
) -> Result<Vec<&'static Field>, QueryError> {
    names
        .map(|name| fields::find(name).ok_or_else(|| QueryError::UnknownField(name.clone())))
        .collect()
}

fn column(call: &Call<'_>, field: &Field) -> Value {
    json!({"referenceName": field.reference_name, "name": field.name, "url": call.url(&format!("/_apis/wit/fields/{}", field.reference_name))})
}

fn reference(call: &Call<'_>, organization: &Organization, id: i64) -> Value {
    let project = organization
        .items
        .get(&id)
        .map(|item| format!("/{}", item.project))
        .unwrap_or_default();
    json!({"id": id, "url": call.url(&format!("{project}/_apis/wit/workItems/{id}"))})
}

fn items(
    call: &Call<'_>,
    context: &Context<'_>,
    organization: &Organization,
    statement: &Statement,
    order: &[&Field],
) -> Result<Vec<Value>, QueryError> {
    let mut found: Vec<&WorkItem> = Vec::new();
    for item in organization
        .items
        .values()
        .filter(|item| item.deletion.is_none())
    {
        let subject = Subject {
            source: Some(item),
            target: None,
            link: None,
        };
        let matches = match &statement.condition {
            None => true,
            Some(condition) => eval::holds(context, condition, subject)? == Some(true),
        };
        if matches {
            found.push(item);
        }
    }
    found.sort_by(|left, right| {
        let by = |(field, (_, descending)): (&&Field, &(String, bool))| {
            let ordering = compare(field, left, right);
            if *descending {
                ordering.reverse()
            } else {
                ordering
            }
        };
        order
            .iter()
            .zip(&statement.order)
            .map(by)
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| left.id.cmp(&right.id))
    });
    Ok(found
        .into_iter()
        .map(|item| reference(call, organization, item.id))
        .collect())
}

fn compare(field: &Field, left: &WorkItem, right: &WorkItem) -> Ordering {
    match field.reference_name {
        "System.Id" => return left.id.cmp(&right.id),
        "System.Rev" => return left.rev.cmp(&right.rev),
        _ => {}
    }
    let (left, right) = (
        left.fields.get(field.reference_name),
        right.fields.get(field.reference_name),
    );
    if matches!(field.kind, Kind::Integer | Kind::Double) {
        let number =
            |value: Option<&Value>| value.and_then(Value::as_f64).unwrap_or(f64::NEG_INFINITY);
        return number(left).total_cmp(&number(right));
    }
    let text = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_lowercase()
    };
    text(left).cmp(&text(right))
}

fn relations(
    call: &Call<'_>,
    context: &Context<'_>,
    organization: &Organization,
    statement: &Statement,
) -> Result<Vec<Value>, QueryError> {
    let mode = statement.mode.unwrap_or(Mode::MustContain);
    let rows = links::run(context, organization, statement.condition.as_ref(), mode)?;
    let row = |row: links::Row| match row.link {
        None => json!({"target": reference(call, organization, row.target)}),
        Some((rel, source)) => {
            json!({"rel": rel, "source": reference(call, organization, source), "target": reference(call, organization, row.target)})
        }
    };
    Ok(rows.into_iter().map(row).collect())
}
