//! What the official clients ask first: locations, resource areas, connection data.

use serde_json::{Value, json};

use super::DEV;
use super::call::Call;
use super::errors::ApiError;
use super::identity;
use super::location_table::{AREAS, LOCATIONS, Location};
use super::reply::Reply;
use crate::Inner;

/// `OPTIONS _apis`, `OPTIONS _apis/{area}`
pub(crate) fn locations(area: Option<&str>) -> Reply {
    let rows = LOCATIONS
        .iter()
        .filter(|row| area.is_none_or(|area| row.area.eq_ignore_ascii_case(area)));
    Reply::list(rows.map(row).collect())
}

fn row(location: &Location) -> Value {
    json!({
        "id": location.id, "area": location.area, "resourceName": location.resource, "routeTemplate": location.template,
        "resourceVersion": location.resource_version, "minVersion": location.min, "maxVersion": location.max,
        "releasedVersion": location.released,
    })
}

/// `GET _apis/ResourceAreas`, `GET _apis/ResourceAreas/{id}`
pub(crate) fn resource_areas(inner: &Inner, organization: &str, id: Option<&str>) -> Reply {
    let location_url = inner.url(DEV, &format!("/{organization}/"));
    let area =
        |row: &(&str, &str)| json!({"id": row.1, "name": row.0, "locationUrl": location_url});
    match id {
        None => Reply::list(AREAS.iter().map(area).collect()),
        Some(id) => Reply::ok(
            AREAS
                .iter()
                .find(|row| row.1.eq_ignore_ascii_case(id))
                .map_or(Value::Null, area),
        ),
    }
}

/// `GET _apis/connectionData`
pub(crate) fn connection_data(call: &Call<'_>) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let user = identity::object(call.inner, &state, &call.organization, call.caller.person);
    let user = json!({
        "id": user["id"], "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{}\\{}", organization.directory, user["uniqueName"].as_str().unwrap_or_default()),
        "subjectDescriptor": user["descriptor"], "providerDisplayName": user["displayName"], "isActive": true,
        "properties": {"Account": {"$type": "System.String", "$value": user["uniqueName"]}},
        "resourceVersion": 2, "metaTypeId": 0,
    });
    Ok(Reply::ok(json!({
        "authenticatedUser": user, "authorizedUser": user, "instanceId": organization.id,
        "deploymentId": "5ad2bca5-9d7e-4d9b-9d6f-2d1b8a6f5c01", "deploymentType": "hosted",
        "locationServiceData": {
            "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7", "defaultAccessMappingMoniker": "PublicAccessMapping",
            "lastChangeId": 1, "lastChangeId64": 1,
        },
    })))
}
