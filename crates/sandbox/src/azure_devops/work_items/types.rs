//! Work item types, their states and fields.

use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::errors::{ApiError, field_missing, type_missing, wit};
use super::super::fields::{self, FIELDS, Field, Kind};
use super::super::model::Project;
use super::super::process::TypeDefinition;
use super::super::reply::Reply;

fn with_type<T>(
    call: &Call<'_>,
    name: &str,
    run: impl FnOnce(&Project, &'static TypeDefinition) -> T,
) -> Result<T, ApiError> {
    let state = call.inner.read();
    let project = call.need_project(call.organization(&state)?)?;
    let definition = project
        .work_item_type(name)
        .ok_or_else(|| type_missing(name, &project.name))?;
    Ok(run(project, definition))
}

/// `GET {project}/_apis/wit/workitemtypes`
pub(crate) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let project = call.need_project(call.organization(&state)?)?;
    Ok(Reply::list(
        project
            .process
            .types
            .iter()
            .map(|definition| body(call, project, definition))
            .collect(),
    ))
}

/// `GET {project}/_apis/wit/workitemtypes/{type}`
pub(crate) fn get(call: &Call<'_>, name: &str) -> Result<Reply, ApiError> {
    with_type(call, name, |project, definition| {
        Reply::ok(body(call, project, definition))
    })
}

fn body(call: &Call<'_>, project: &Project, definition: &'static TypeDefinition) -> Value {
    let encoded =
        percent_encoding::utf8_percent_encode(definition.name, percent_encoding::NON_ALPHANUMERIC);
    let rows: Vec<Value> = fields::of_type(definition)
        .map(|field| field_body(call, field, false))
        .collect();
    json!({
        "name": definition.name, "referenceName": definition.reference_name, "description": definition.description,
        "color": definition.color, "isDisabled": false,
        "icon": {"id": definition.icon, "url": call.url(&format!("/_apis/wit/workItemIcons/{}?color={}", definition.icon, definition.color))},
        "fields": rows, "fieldInstances": rows, "transitions": transitions(definition), "states": state_rows(definition),
        "url": call.url(&format!("/{}/_apis/wit/workItemTypes/{encoded}", project.id)),
    })
}

fn transitions(definition: &TypeDefinition) -> Value {
    let to = |from: &str| -> Value {
        let allowed = definition
            .states
            .iter()
            .filter(|state| definition.allows(from, state.name));
        allowed
            .map(|state| json!({"to": state.name, "actions": null}))
            .collect()
    };
    let mut map: Map<String, Value> = definition
        .states
        .iter()
        .map(|state| (state.name.to_owned(), to(state.name)))
        .collect();
    let first: Value = definition
        .states
        .first()
        .map(|state| json!([{"to": state.name, "actions": null}]))
        .unwrap_or_default();
    map.insert(String::new(), first);
    Value::Object(map)
}

fn state_rows(definition: &TypeDefinition) -> Vec<Value> {
    definition
        .states
        .iter()
        .map(|state| json!({"name": state.name, "color": state.color, "category": state.category}))
        .collect()
}

/// `GET {project}/_apis/wit/workitemtypes/{type}/states`
pub(crate) fn states(call: &Call<'_>, name: &str) -> Result<Reply, ApiError> {
    with_type(call, name, |_, definition| {
        Reply::list(state_rows(definition))
    })
}

/// `GET {project}/_apis/wit/workitemtypes/{type}/fields`
pub(crate) fn fields(call: &Call<'_>, name: &str) -> Result<Reply, ApiError> {
    let expands = expands(call);
    with_type(call, name, |_, definition| {
        Reply::list(
            fields::of_type(definition)
                .map(|field| described(call, definition, field, expands))
                .collect(),
        )
    })
}

/// `GET {project}/_apis/wit/workitemtypes/{type}/fields/{field}`
pub(crate) fn field(call: &Call<'_>, name: &str, field: &str) -> Result<Reply, ApiError> {
    let expands = expands(call);
    let known = fields::find(field).ok_or_else(|| field_missing(field))?;
    with_type(call, name, |_, definition| {
        let found =
            fields::of_type(definition).find(|one| one.reference_name == known.reference_name);
        found
            .map(|found| Reply::ok(described(call, definition, found, expands)))
            .ok_or_else(|| field_missing(field))
    })?
}

/// `$expand` of fields: none, allowedValues, dependentFields, all.
fn expands(call: &Call<'_>) -> bool {
    call.query.get("$expand").is_some_and(|text| {
        ["1", "3", "all", "allowedvalues"]
            .iter()
            .any(|one| one.eq_ignore_ascii_case(text))
    })
}

fn described(call: &Call<'_>, definition: &TypeDefinition, field: &Field, expands: bool) -> Value {
    let mut body = field_body(call, field, true);
    if expands {
        let allowed: Vec<&str> = if field.reference_name == "System.State" {
            definition.states.iter().map(|state| state.name).collect()
        } else {
            fields::allowed_values(field.reference_name).to_vec()
        };
        body["allowedValues"] = json!(allowed);
        body["dependentFields"] = json!([]);
    }
    body
}

fn is_required(field: &Field) -> bool {
    matches!(
        field.reference_name,
        "System.Title" | "System.State" | "System.AreaPath" | "System.IterationPath"
    )
}

fn field_body(call: &Call<'_>, field: &Field, has_default: bool) -> Value {
    let mut body = Map::new();
    if has_default {
        let default = fields::default_value(field.reference_name).map(|value| {
            value
                .as_str()
                .map_or_else(|| json!(value.to_string()), |text| json!(text))
        });
        body.insert("defaultValue".into(), default.unwrap_or(Value::Null));
    }
    body.insert(
        "helpText".into(),
        json!(format!("{} of the work item", field.name)),
    );
    body.insert("alwaysRequired".into(), json!(is_required(field)));
    body.insert("referenceName".into(), json!(field.reference_name));
    body.insert("name".into(), json!(field.name));
    body.insert(
        "url".into(),
        json!(call.url(&format!("/_apis/wit/fields/{}", field.reference_name))),
    );
    Value::Object(body)
}

/// `GET …/fields`
pub(crate) fn all_fields(call: &Call<'_>) -> Reply {
    Reply::list(FIELDS.iter().map(|field| catalog(call, field)).collect())
}

/// `GET …/fields/{name}`
pub(crate) fn one_field(call: &Call<'_>, name: &str) -> Result<Reply, ApiError> {
    let found = fields::find(name).ok_or_else(|| {
        wit(
            404,
            "WorkItemTrackingFieldDefinitionNotFoundException",
            format!("TF51535: Cannot find field {name}."),
        )
    })?;
    Ok(Reply::ok(catalog(call, found)))
}

fn catalog(call: &Call<'_>, field: &Field) -> Value {
    let operations: &[(&str, &str)] = match field.kind {
        Kind::TreePath => &[
            ("SupportedOperations.Under", "Under"),
            ("SupportedOperations.NotUnder", "Not Under"),
            ("SupportedOperations.Equals", "="),
        ],
        Kind::Html | Kind::History => &[
            ("SupportedOperations.ContainsWords", "Contains Words"),
            (
                "SupportedOperations.NotContainsWords",
                "Does Not Contain Words",
            ),
        ],
        Kind::Tags => &[
            ("SupportedOperations.Contains", "Contains"),
            ("SupportedOperations.NotContains", "Does Not Contain"),
        ],
        _ => &[
            ("SupportedOperations.Equals", "="),
            ("SupportedOperations.NotEquals", "<>"),
            ("SupportedOperations.In", "In"),
        ],
    };
    json!({
        "name": field.name, "referenceName": field.reference_name, "description": null, "type": field.kind.name(),
        "usage": "workItem", "readOnly": field.read_only, "canSortBy": !matches!(field.kind, Kind::Html | Kind::History | Kind::Tags),
        "isQueryable": true, "isIdentity": field.kind == Kind::Identity, "isPicklist": false, "isPicklistSuggested": false,
        "isDeleted": false, "isLocked": false,
        "supportedOperations": operations.iter().map(|(reference, name)| json!({"referenceName": reference, "name": name})).collect::<Vec<_>>(),
        "url": call.url(&format!("/_apis/wit/fields/{}", field.reference_name)),
    })
}
