//! What `/sdk/me` and `/sdk/integrations` answer.

use paragon_wire::integration::{
    ACCOUNT_ENTRA_ID, ACCOUNT_PERSONAL_ACCESS_TOKEN, AZURE_DEVOPS, INPUT_ORGANIZATION,
    INPUT_PERSONAL_ACCESS_TOKEN,
};
use serde_json::{Map, Value, json};

use super::credentials;
use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::project::Project;
use crate::store::CredentialRow;

/// Longest metadata of a user, as JSON text.
const MAX_META_BYTES: usize = 32 * 1024;

/// The user as the SDK sees them.
pub async fn me(app: &App, caller: &Caller) -> ApiResult<Value> {
    let meta = app
        .store
        .user_meta(&caller.project.id, &caller.user)
        .await?;
    let rows = credentials::list(app, caller, AZURE_DEVOPS).await?;
    Ok(json!({
        "authenticated": true,
        "userId": caller.user.as_str(),
        "meta": meta,
        "resources": [],
        "project": {
            "id": caller.project.id,
            "name": caller.project.name,
            "billingPlan": "connect_enterprise",
            "accessibleFeatures": ["headless-cp", "dfm"],
        },
        "integrations": { AZURE_DEVOPS: connection(&caller.project, &rows) },
    }))
}

/// Merges `patch` into the user's metadata, key by key.
pub async fn update_meta(app: &App, caller: &Caller, patch: Map<String, Value>) -> ApiResult<()> {
    let mut meta = app
        .store
        .user_meta(&caller.project.id, &caller.user)
        .await?;
    meta.extend(patch);
    let bytes = Value::Object(meta.clone()).to_string().len();
    if bytes > MAX_META_BYTES {
        return Err(ApiError::invalid(format!(
            "`meta` would be {bytes} bytes of JSON; at most {MAX_META_BYTES} are kept"
        )));
    }
    Ok(app
        .store
        .set_user_meta(&caller.project.id, &caller.user, &meta, app.clock.now())
        .await?)
}

/// The user's entry for the integration.
pub fn connection(project: &Project, rows: &[CredentialRow]) -> Value {
    let Some(selected) = credentials::default(rows) else {
        return json!({ "enabled": false, "allCredentials": [], "configuredWorkflows": {}, "workflowSettings": {} });
    };
    let workflows = credentials::object(&selected.workflow_settings);
    let all: Vec<_> = rows
        .iter()
        .map(|row| credentials::to_json(row, project.integration_id()))
        .collect();
    json!({
        "enabled": selected.status == crate::store::CredentialStatus::Valid,
        "credentialId": selected.id,
        "credentialStatus": selected.status.as_str(),
        "credentialConfigId": selected.configuration_id,
        "externalId": selected.external_id,
        "providerId": selected.provider_id,
        "providerData": credentials::object(&selected.provider_data),
        "configMeta": {},
        "sharedSettings": credentials::object(&selected.shared_settings),
        "workflowSettings": workflows,
        "configuredWorkflows": workflows,
        "allCredentials": all,
    })
}

/// The project's integrations and their settings.
pub fn integrations(project: &Project) -> Value {
    json!([{
        "id": project.integration_id(),
        "type": AZURE_DEVOPS,
        "name": "Azure DevOps",
        "brandColor": "#0078d7",
        "isActive": true,
        "authenticationType": "oauth",
        "needPreOauthInputs": false,
        "projectId": project.id,
        "hasCredential": true,
        "usesDevelopmentKeys": project.azure_devops.development_keys,
        "connectedUserLimitOnDevCred": 0,
        "connectedUserLimitReached": false,
        "dateCreated": "2026-01-01T00:00:00.000Z",
        "dateUpdated": "2026-01-01T00:00:00.000Z",
        "workflows": [],
        "noPermissionWorkflows": [],
        "configs": [{
            "id": project.integration_id(),
            "integrationId": project.integration_id(),
            "values": {
                "accentColor": "#0078d7",
                "description": format!("Bring Azure DevOps work items into {}", project.name),
                "overview": format!(
                    "Connect your Azure DevOps organisation to {}.\n\n- See your projects and work items\n- Create and update work items",
                    project.name
                ),
                "sharedMeta": { "inputs": [] },
                "workflowMeta": {},
            },
        }],
        "sdkIntegrationConfig": {
            "authConfigInputs": [],
            "oauthInputs": [],
            "postOauthInputs": [],
            "dataSources": {},
            "accountTypes": account_types(),
        },
    }])
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
            "accountDescription": "Use a token you made in Azure DevOps",
            "endUserSuppliedValues": [
                { "id": INPUT_ORGANIZATION, "title": "Organisation", "type": "TEXT", "required": true, "placeholder": "contoso" },
                { "id": INPUT_PERSONAL_ACCESS_TOKEN, "title": "Personal access token", "type": "PASSWORD", "required": true },
            ],
        },
    ])
}
