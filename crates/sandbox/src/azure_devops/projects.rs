//! Projects, teams and processes.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::errors::{ApiError, bad_argument, project_missing, vss};
use super::identity;
use super::model::{Project, Team};
use super::process::{PROCESSES, Process};
use super::query::choice;
use super::reply::Reply;
use super::work_items::render::date;

/// In the order of their numbers, which some clients send.
const STATES: &[&str] = &["deleting", "new", "wellFormed", "createPending", "all"];

/// `GET _apis/projects`
pub(crate) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let wanted = call
        .query
        .get("statefilter")
        .map_or(Ok("wellFormed"), |text| choice(text, STATES))?;
    let top = call.query.count("$top")?.unwrap_or(100).min(10_000);
    let skip = match call.query.get("continuationtoken") {
        Some(token) => token
            .parse()
            .map_err(|_| bad_argument(format!("The continuation token '{token}' is not valid.")))?,
        None => call.query.count("$skip")?.unwrap_or(0),
    };
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let matching: Vec<&Project> = organization
        .projects
        .iter()
        .filter(|project| wanted == "all" || project.state == wanted)
        .collect();
    let page = matching.iter().skip(skip).take(top);
    let reply = Reply::list(
        page.map(|project| Value::Object(summary(call, project)))
            .collect(),
    );
    if top > 0 && skip.saturating_add(top) < matching.len() {
        return Ok(reply.with("x-ms-continuationtoken", &(skip + top).to_string()));
    }
    Ok(reply)
}

fn summary(call: &Call<'_>, project: &Project) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("id".into(), json!(project.id));
    body.insert("name".into(), json!(project.name));
    if !project.description.is_empty() {
        body.insert("description".into(), json!(project.description));
    }
    body.insert(
        "url".into(),
        json!(call.url(&format!("/_apis/projects/{}", project.id))),
    );
    body.insert("state".into(), json!(project.state));
    body.insert("revision".into(), json!(project.revision));
    body.insert("visibility".into(), json!("private"));
    body.insert("lastUpdateTime".into(), json!(date(project.last_update)));
    body
}

/// `GET _apis/projects/{id or name}`
pub(crate) fn get(call: &Call<'_>, text: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let project = find(call, &state, text)?;
    let mut body = summary(call, project);
    if call.query.flag("includecapabilities") {
        let capabilities = json!({
            "processTemplate": {"templateName": project.process.name, "templateTypeId": project.process.id},
            "versioncontrol": {"sourceControlType": "Git", "gitEnabled": "True", "tfvcEnabled": "False"},
        });
        body.insert("capabilities".into(), capabilities);
    }
    let link = |path: String| json!({"href": path});
    body.insert("_links".into(), json!({
        "self": link(call.url(&format!("/_apis/projects/{}", project.id))),
        "collection": link(call.url("/_apis/projectCollections/1")),
        "web": link(call.url(&format!("/{}", percent_encoding::utf8_percent_encode(&project.name, percent_encoding::NON_ALPHANUMERIC)))),
    }));
    if let Some(team) = project.teams.first() {
        body.insert(
            "defaultTeam".into(),
            json!({"id": team.id, "name": team.name, "url": team_url(call, project, team)}),
        );
    }
    Ok(Reply::ok(Value::Object(body)))
}

/// `GET _apis/projects/{id}/properties`
pub(crate) fn properties(call: &Call<'_>, text: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let project = find(call, &state, text)?;
    Ok(Reply::list(vec![
        json!({"name": "System.ProcessTemplateType", "value": project.process.id}),
        json!({"name": "System.Process Template", "value": project.process.name}),
    ]))
}

fn find<'s>(
    call: &Call<'_>,
    state: &'s crate::state::State,
    text: &str,
) -> Result<&'s Project, ApiError> {
    call.organization(state)?
        .project(text)
        .ok_or_else(|| project_missing(text))
}

fn team_url(call: &Call<'_>, project: &Project, team: &Team) -> String {
    call.url(&format!("/_apis/projects/{}/teams/{}", project.id, team.id))
}

fn team_body(call: &Call<'_>, project: &Project, team: &Team) -> Value {
    json!({
        "id": team.id, "name": team.name, "url": team_url(call, project, team), "description": team.description,
        "identityUrl": call.inner.url(super::VSSPS, &format!("/{}/_apis/Identities/{}", call.organization, team.id)),
        "projectName": project.name, "projectId": project.id,
    })
}

/// `GET _apis/projects/{id}/teams`
pub(crate) fn teams(call: &Call<'_>, text: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let project = find(call, &state, text)?;
    let (skip, top) = (
        call.query.count("$skip")?.unwrap_or(0),
        call.query.count("$top")?.unwrap_or(100),
    );
    Ok(Reply::list(
        project
            .teams
            .iter()
            .skip(skip)
            .take(top)
            .map(|team| team_body(call, project, team))
            .collect(),
    ))
}

/// `GET _apis/teams`
pub(crate) fn all_teams(call: &Call<'_>) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let (skip, top) = (
        call.query.count("$skip")?.unwrap_or(0),
        call.query.count("$top")?.unwrap_or(100),
    );
    let projects = &call.organization(&state)?.projects;
    let teams = projects
        .iter()
        .flat_map(|project| project.teams.iter().map(move |team| (project, team)));
    Ok(Reply::list(
        teams
            .skip(skip)
            .take(top)
            .map(|(project, team)| team_body(call, project, team))
            .collect(),
    ))
}

fn find_team<'p>(project: &'p Project, text: &str) -> Result<&'p Team, ApiError> {
    let team = project
        .teams
        .iter()
        .find(|team| team.name.eq_ignore_ascii_case(text) || team.id.to_string() == text);
    team.ok_or_else(|| {
        vss(
            404,
            "TeamNotFoundException",
            format!("The team with id '{text}' does not exist."),
        )
    })
}

/// `GET _apis/projects/{id}/teams/{id}`
pub(crate) fn team(call: &Call<'_>, project: &str, team: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let project = find(call, &state, project)?;
    Ok(Reply::ok(team_body(
        call,
        project,
        find_team(project, team)?,
    )))
}

/// `GET _apis/projects/{id}/teams/{id}/members`
pub(crate) fn members(call: &Call<'_>, project: &str, team: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let team = find_team(find(call, &state, project)?, team)?;
    let identity = |person: &uuid::Uuid| json!({"identity": identity::object(call.inner, &state, &call.organization, *person)});
    Ok(Reply::list(team.members.iter().map(identity).collect()))
}

fn process_body(call: &Call<'_>, process: &Process) -> Value {
    json!({
        "id": process.id, "name": process.name, "description": process.description, "isDefault": process.is_default,
        "type": "system", "url": call.url(&format!("/_apis/process/processes/{}", process.id)),
    })
}

/// `GET _apis/process/processes`
pub(crate) fn processes(call: &Call<'_>) -> Reply {
    Reply::list(
        PROCESSES
            .iter()
            .map(|process| process_body(call, process))
            .collect(),
    )
}

/// `GET _apis/process/processes/{id}`
pub(crate) fn process(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let process = PROCESSES
        .iter()
        .find(|process| process.id.eq_ignore_ascii_case(id));
    let process = process.ok_or_else(|| {
        vss(
            404,
            "ProcessNotFoundException",
            format!("The process '{id}' does not exist."),
        )
    })?;
    Ok(Reply::ok(process_body(call, process)))
}
