//! The project's integration as the SDK sees it: its looks, account types, settings, workflows, sources of choices.

use paragon_wire::ErrorCode;
use paragon_wire::integration::{
    ACCOUNT_ENTRA_ID, ACCOUNT_PERSONAL_ACCESS_TOKEN, AZURE_DEVOPS, INPUT_ORGANIZATION,
    INPUT_PERSONAL_ACCESS_TOKEN,
};
use serde_json::{Map, Value, json};

use super::settings::{InForce, Source};
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::projects::Project;
use crate::runs;
use crate::state::App;
use crate::workflows::store::WorkflowRow;
use paragon_azure_devops::field_sources::{self, FieldSource, SOURCES};
use paragon_workflow::{FIELD_MAPPING_SOURCE, Input};

/// Whether `name` is an integration of this gateway.
///
/// # Errors
/// `IntegrationNotFound`.
pub fn check_name(name: &str) -> ApiResult<()> {
    if name == AZURE_DEVOPS {
        return Ok(());
    }
    let shown: String = name.chars().take(100).collect();
    let message = format!(
        "there is no integration `{}`; this project has `{AZURE_DEVOPS}`",
        shown.escape_debug()
    );
    Err(ApiError::new(ErrorCode::IntegrationNotFound, message))
}

/// The project's Azure DevOps integration, as it is for this user.
pub async fn azure_devops(app: &App, caller: &EndUser) -> ApiResult<Value> {
    let project = &caller.project;
    let inputs = app.store.settings_inputs(&project.id, AZURE_DEVOPS).await?;
    let workflows = app.store.workflows(&project.id, AZURE_DEVOPS).await?;
    let meta = Value::Object(app.store.user_meta(&project.id, &caller.user).await?);
    let (permitted, others): (Vec<_>, Vec<_>) = workflows.iter().partition(|row| {
        runs::is_permitted(
            row.workflow.permissions.as_ref(),
            caller.user.as_str(),
            &meta,
        )
    });
    let listed = |rows: &[&WorkflowRow]| {
        rows.iter()
            .map(|row| workflow(project, row))
            .collect::<Vec<_>>()
    };
    let in_force = InForce::read(app, project).await?;
    let id = project.integration_id();
    Ok(json!({
        "id": id,
        "type": AZURE_DEVOPS,
        "name": "Azure DevOps",
        "brandColor": "#0078d7",
        "isActive": in_force.active(),
        "authenticationType": "oauth",
        "needPreOauthInputs": false,
        "projectId": project.id,
        "hasCredential": true,
        "usesDevelopmentKeys": in_force.client_id_source == Source::Default,
        "connectedUserLimitOnDevCred": 0,
        "connectedUserLimitReached": false,
        "dateCreated": "2026-01-01T00:00:00.000Z",
        "dateUpdated": "2026-01-01T00:00:00.000Z",
        "workflows": listed(&permitted),
        "noPermissionWorkflows": listed(&others),
        "configs": [{
            "id": id,
            "integrationId": id,
            "values": {
                "accentColor": "#0078d7",
                "description": format!("Bring Azure DevOps work items into {}", project.name),
                "overview": format!(
                    "Connect your Azure DevOps organization to {}.\n\n- See your projects and work items\n- Create and update work items",
                    project.name
                ),
                "sharedMeta": { "inputs": inputs_json(&inputs) },
                "workflowMeta": workflow_meta(&workflows),
            },
        }],
        "sdkIntegrationConfig": {
            "authConfigInputs": [],
            "oauthInputs": [],
            "postOauthInputs": [],
            "dataSources": data_sources(),
            "accountTypes": account_types(),
        },
    }))
}

fn inputs_json(inputs: &[Input]) -> Vec<Value> {
    inputs.iter().map(Input::to_json).collect()
}

fn workflow(project: &Project, row: &WorkflowRow) -> Value {
    json!({
        "id": row.workflow.id,
        "description": row.workflow.description,
        "integrationId": project.integration_id(),
        "projectId": project.id,
        "dateCreated": rfc3339(row.created_at),
        "dateUpdated": rfc3339(row.updated_at),
    })
}

fn workflow_meta(workflows: &[WorkflowRow]) -> Value {
    let meta = |(order, WorkflowRow { workflow, .. }): (usize, &WorkflowRow)| {
        let mut json = json!({
            "id": workflow.id,
            "description": workflow.description,
            "inputs": inputs_json(&workflow.inputs),
            "order": order,
            "hidden": workflow.hidden,
            "defaultEnabled": workflow.default_enabled,
        });
        if let Some(permissions) = &workflow.permissions {
            json["permissions"] = json!(permissions);
        }
        if let Some(text) = &workflow.info_text {
            json["infoText"] = json!(text);
        }
        (workflow.id.clone(), json)
    };
    let entries: Map<String, Value> = workflows.iter().enumerate().map(meta).collect();
    Value::Object(entries)
}

fn data_sources() -> Value {
    let mut entries: Map<String, Value> = SOURCES
        .iter()
        .map(|source| (source.key.to_owned(), data_source(source)))
        .collect();
    entries.insert(FIELD_MAPPING_SOURCE.to_owned(), field_mapping_source());
    Value::Object(entries)
}

fn data_source(source: &FieldSource) -> Value {
    let dependencies: Vec<_> = source.required.iter().chain(source.optional).collect();
    json!({
        "type": "DYNAMIC_DATA_SOURCE",
        "title": source.title,
        "cacheKey": source.key,
        "refreshDependencies": dependencies,
        "optionalDependencies": source.optional,
        "supportPagination": true,
    })
}

/// Work item types, and the fields of the chosen one: what a field mapping maps to.
fn field_mapping_source() -> Value {
    let part = |key: &str| field_sources::find(key).map(data_source);
    json!({
        "type": "FIELD_MAPPER_DATA_SOURCE",
        "id": FIELD_MAPPING_SOURCE,
        "title": "Fields of work items",
        "recordSource": part("workItemTypes"),
        "fieldSource": part("fields"),
    })
}

fn account_types() -> Value {
    json!([
        {
            "id": ACCOUNT_ENTRA_ID,
            "scheme": "oauth",
            "title": "Microsoft account",
            "accountDescription": "Sign in with your work or school account",
            "oauthParameters": [],
        },
        {
            "id": ACCOUNT_PERSONAL_ACCESS_TOKEN,
            "scheme": "basic",
            "title": "Personal access token",
            "accountDescription": "Use a token you created in Azure DevOps",
            "endUserSuppliedValues": [
                { "id": INPUT_ORGANIZATION, "title": "Organization", "type": "TEXT_NO_VARS", "required": true, "placeholder": "contoso" },
                { "id": INPUT_PERSONAL_ACCESS_TOKEN, "title": "Personal access token", "type": "PASSWORD", "required": true },
            ],
        },
    ])
}
