//! The project's integration as the SDK sees it: its looks, account types, settings, workflows, sources of choices.

use paragon_wire::ErrorCode;
use paragon_wire::integration::{
    ACCOUNT_ENTRA_ID, ACCOUNT_PERSONAL_ACCESS_TOKEN, AZURE_DEVOPS, INPUT_ORGANIZATION,
    INPUT_PERSONAL_ACCESS_TOKEN,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

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

/// The project's integration, in the reference protocol's form.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the reference SDK's own members"
)]
pub struct Integration {
    id: Uuid,
    /// Always `azuredevops`.
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    brand_color: &'static str,
    /// Whether users may connect and call.
    is_active: bool,
    authentication_type: &'static str,
    need_pre_oauth_inputs: bool,
    project_id: String,
    has_credential: bool,
    uses_development_keys: bool,
    connected_user_limit_on_dev_cred: u32,
    connected_user_limit_reached: bool,
    date_created: &'static str,
    date_updated: &'static str,
    workflows: Vec<IntegrationWorkflow>,
    /// Workflows that are not for this user.
    no_permission_workflows: Vec<IntegrationWorkflow>,
    configs: [IntegrationConfig; 1],
    sdk_integration_config: SdkIntegrationConfig,
}

/// A workflow that users may enable.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IntegrationWorkflow {
    id: String,
    description: String,
    integration_id: Uuid,
    project_id: String,
    date_created: String,
    date_updated: String,
}

/// The portal's texts, inputs and workflows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IntegrationConfig {
    id: Uuid,
    integration_id: Uuid,
    values: IntegrationLooks,
}

/// How the portal shows an integration.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IntegrationLooks {
    accent_color: &'static str,
    description: String,
    /// Markdown.
    overview: String,
    shared_meta: SharedMeta,
    /// By workflow ID.
    workflow_meta: Value,
}

/// Inputs of the integration.
#[derive(Debug, Serialize, JsonSchema)]
struct SharedMeta {
    inputs: Vec<Value>,
}

/// What clients need to connect an account and to fill in inputs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SdkIntegrationConfig {
    auth_config_inputs: [(); 0],
    oauth_inputs: [(); 0],
    post_oauth_inputs: [(); 0],
    /// By key.
    data_sources: Value,
    account_types: Value,
}

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
pub async fn azure_devops(app: &App, caller: &EndUser) -> ApiResult<Integration> {
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
    let values = IntegrationLooks {
        accent_color: "#0078d7",
        description: format!("Bring Azure DevOps work items into {}", project.name),
        overview: format!(
            "Connect your Azure DevOps organization to {}.\n\n- See your projects and work items\n- Create and update work items",
            project.name
        ),
        shared_meta: SharedMeta {
            inputs: inputs_json(&inputs),
        },
        workflow_meta: workflow_meta(&workflows),
    };
    Ok(Integration {
        id,
        kind: AZURE_DEVOPS,
        name: "Azure DevOps",
        brand_color: "#0078d7",
        is_active: in_force.active(),
        authentication_type: "oauth",
        need_pre_oauth_inputs: false,
        project_id: project.id.clone(),
        has_credential: true,
        uses_development_keys: in_force.client_id_source == Source::Default,
        connected_user_limit_on_dev_cred: 0,
        connected_user_limit_reached: false,
        date_created: "2026-01-01T00:00:00.000Z",
        date_updated: "2026-01-01T00:00:00.000Z",
        workflows: listed(&permitted),
        no_permission_workflows: listed(&others),
        configs: [IntegrationConfig {
            id,
            integration_id: id,
            values,
        }],
        sdk_integration_config: SdkIntegrationConfig {
            auth_config_inputs: [],
            oauth_inputs: [],
            post_oauth_inputs: [],
            data_sources: data_sources(),
            account_types: account_types(),
        },
    })
}

fn inputs_json(inputs: &[Input]) -> Vec<Value> {
    inputs.iter().map(Input::to_json).collect()
}

fn workflow(project: &Project, row: &WorkflowRow) -> IntegrationWorkflow {
    IntegrationWorkflow {
        id: row.workflow.id.clone(),
        description: row.workflow.description.clone(),
        integration_id: project.integration_id(),
        project_id: project.id.clone(),
        date_created: rfc3339(row.created_at),
        date_updated: rfc3339(row.updated_at),
    }
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
