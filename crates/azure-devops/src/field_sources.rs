//! Where the choices of a field come from: which call to Azure DevOps lists them, and how its answer reads.
//!
//! Facts: Work Item Tracking and Core, REST API 7.1. Pure: the calls are made elsewhere.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

/// One source of choices.
#[derive(Debug)]
pub struct FieldSource {
    /// Name in the API.
    pub key: &'static str,
    /// Label.
    pub title: &'static str,
    /// Parameters that must be given.
    pub required: &'static [&'static str],
    /// Parameters that narrow the choices.
    pub optional: &'static [&'static str],
    /// How it is read.
    pub listing: Listing,
}

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The provider pages it, with `$top` and `$skip`.
    Paged,
    /// One answer has all.
    Whole,
    /// One answer has a tree of area or iteration paths.
    Tree,
    /// Members of one team, or of each of the project's.
    Members,
}

/// Every source.
pub const SOURCES: &[FieldSource] = &[
    source("projects", "Project", &[], &[], Listing::Paged),
    source(
        "workItemTypes",
        "Work item type",
        &["project"],
        &[],
        Listing::Whole,
    ),
    source(
        "fields",
        "Field",
        &[],
        &["project", "workItemType"],
        Listing::Whole,
    ),
    source(
        "states",
        "State",
        &["project", "workItemType"],
        &[],
        Listing::Whole,
    ),
    source("teams", "Team", &["project"], &[], Listing::Paged),
    source("iterations", "Iteration", &["project"], &[], Listing::Tree),
    source("areaPaths", "Area path", &["project"], &[], Listing::Tree),
    source("users", "User", &["project"], &["team"], Listing::Members),
    source(
        "assignees",
        "Assignee",
        &["project"],
        &["team"],
        Listing::Members,
    ),
];

const fn source(
    key: &'static str,
    title: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    listing: Listing,
) -> FieldSource {
    FieldSource {
        key,
        title,
        required,
        optional,
        listing,
    }
}

/// The source with this key.
pub fn find(key: &str) -> Option<&'static FieldSource> {
    SOURCES.iter().find(|source| source.key == key)
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "FieldOption")]
pub struct Record {
    /// Shown.
    pub label: String,
    /// Stored.
    pub value: String,
}

/// Values of a source's parameters.
#[derive(Debug, Default, Clone)]
pub struct Parameters {
    /// Project, by name or id.
    pub project: Option<String>,
    /// Work item type, by name.
    pub work_item_type: Option<String>,
    /// Team, by name or id.
    pub team: Option<String>,
}

impl Parameters {
    /// The parameter called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        match name {
            "project" => self.project.as_deref(),
            "workItemType" => self.work_item_type.as_deref(),
            "team" => self.team.as_deref(),
            _ => None,
        }
    }

    /// Sets the parameter called `name`. `false`: no source knows it.
    pub fn set(&mut self, name: &str, value: String) -> bool {
        let place = match name {
            "project" => &mut self.project,
            "workItemType" => &mut self.work_item_type,
            "team" => &mut self.team,
            _ => return false,
        };
        *place = Some(value);
        true
    }
}

/// Whether `text` can be a segment of a path: the name or id of a project, team or type.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 256
        && !text.starts_with('_')
        && !text.chars().all(|character| character == '.')
        && !text
            .chars()
            .any(|character| character.is_control() || matches!(character, '/' | '\\'))
}

/// `name` as one segment of a path.
pub(crate) fn segment(name: Option<&str>) -> String {
    utf8_percent_encode(name.unwrap_or_default(), NON_ALPHANUMERIC).to_string()
}

/// Path of the call that lists `source`; not for [`Listing::Members`].
///
/// Required parameters are given, and all are names ([`is_name`]).
pub fn path(source: &FieldSource, given: &Parameters) -> String {
    let project = segment(given.project.as_deref());
    let kind = segment(given.work_item_type.as_deref());
    match (source.key, &given.project, &given.work_item_type) {
        ("workItemTypes", ..) => format!("/{project}/_apis/wit/workitemtypes?api-version=7.1"),
        ("fields", Some(_), Some(_)) => {
            format!("/{project}/_apis/wit/workitemtypes/{kind}/fields?api-version=7.1")
        }
        ("fields", Some(_), None) => format!("/{project}/_apis/wit/fields?api-version=7.1"),
        ("fields", None, _) => "/_apis/wit/fields?api-version=7.1".into(),
        ("states", ..) => {
            format!("/{project}/_apis/wit/workitemtypes/{kind}/states?api-version=7.1")
        }
        ("teams", ..) => teams_path(given),
        ("iterations", ..) => classification(&project, "iterations"),
        ("areaPaths", ..) => classification(&project, "areas"),
        _ => "/_apis/projects?api-version=7.1".into(),
    }
}

fn classification(project: &str, group: &str) -> String {
    format!("/{project}/_apis/wit/classificationnodes/{group}?$depth=20&api-version=7.1")
}

/// Path of the list of a project's teams.
pub fn teams_path(given: &Parameters) -> String {
    let project = segment(given.project.as_deref());
    format!("/_apis/projects/{project}/teams?api-version=7.1")
}

/// Path of the members of `team`.
pub fn members_path(given: &Parameters, team: &str) -> String {
    let (project, team) = (segment(given.project.as_deref()), segment(Some(team)));
    format!("/_apis/projects/{project}/teams/{team}/members?$top=1000&api-version=7.1")
}

/// The choices in an answer; entries of another form than documented are left out.
pub fn records(source: &FieldSource, answer: &Value) -> Vec<Record> {
    if source.listing == Listing::Tree {
        let mut found = Vec::new();
        flatten(answer, &mut found);
        return found;
    }
    let rows = answer["value"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter().filter_map(|row| record(source, row)).collect()
}

fn record(source: &FieldSource, row: &Value) -> Option<Record> {
    let text = |value: &Value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let name = || text(&row["name"]);
    let value = match source.key {
        "projects" | "teams" => text(&row["id"]),
        "fields" => text(&row["referenceName"]),
        "workItemTypes" if row["isDisabled"] == true => None,
        "users" | "assignees" => {
            let person = &row["identity"];
            // Groups can be members of teams; nothing can be assigned to them.
            let is_group = person["isContainer"] == true;
            let unique = text(&person["uniqueName"]).filter(|_| !is_group)?;
            let label = text(&person["displayName"]).unwrap_or_else(|| unique.clone());
            return Some(Record {
                label,
                value: unique,
            });
        }
        _ => name(),
    };
    Some(Record {
        label: name()?,
        value: value?,
    })
}

/// Nodes as the values that the fields `System.AreaPath` and `System.IterationPath` take.
fn flatten(node: &Value, found: &mut Vec<Record>) {
    if let Some(path) = node["path"].as_str().and_then(field_path) {
        found.push(Record {
            label: path.clone(),
            value: path,
        });
    }
    for child in node["children"].as_array().into_iter().flatten() {
        flatten(child, found);
    }
}

/// A node's `path` has a second level (`\Fabrikam\Area\Web`) that field values lack (`Fabrikam\Web`).
fn field_path(path: &str) -> Option<String> {
    let mut levels: Vec<&str> = path.split('\\').filter(|level| !level.is_empty()).collect();
    if levels.len() > 1 {
        levels.remove(1);
    }
    (!levels.is_empty()).then(|| levels.join("\\"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_hold_names_as_one_segment() {
        let mut given = Parameters::default();
        assert!(given.set("project", "Tailspin Toys".into()) && !given.set("moon", "x".into()));
        given.set("workItemType", "User Story".into());
        let source = find("states").expect("a source");
        assert_eq!(
            path(source, &given),
            "/Tailspin%20Toys/_apis/wit/workitemtypes/User%20Story/states?api-version=7.1"
        );
        for bad in ["", ".", "..", "a/b", "a\\b", "_apis", "a\nb"] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(is_name("Fabrikam") && is_name("A.B & Co?"));
    }

    #[test]
    fn answers_become_labels_and_values() {
        let list = |key: &str, rows: Value| {
            let found = records(find(key).expect("a source"), &json!({ "value": rows }));
            found
                .into_iter()
                .map(|record| (record.label, record.value))
                .collect::<Vec<_>>()
        };
        let pair = |label: &str, value: &str| vec![(label.to_owned(), value.to_owned())];
        assert_eq!(
            list(
                "projects",
                json!([{"id": "1", "name": "P"}, {"name": "no id"}, 7])
            ),
            pair("P", "1")
        );
        assert_eq!(
            list(
                "workItemTypes",
                json!([{"name": "Bug"}, {"name": "Old", "isDisabled": true}])
            ),
            pair("Bug", "Bug")
        );
        assert_eq!(
            list(
                "fields",
                json!([{"name": "Title", "referenceName": "System.Title"}])
            ),
            pair("Title", "System.Title")
        );
        assert_eq!(
            list(
                "users",
                json!([
                    {"identity": {"displayName": "Ada", "uniqueName": "ada@x"}},
                    {"identity": {"displayName": "[Fabrikam]\\Admins", "uniqueName": "vstfs:///1", "isContainer": true}},
                ])
            ),
            pair("Ada", "ada@x")
        );
    }

    #[test]
    fn trees_become_paths_that_fields_take() {
        let tree = json!({"path": "\\Fabrikam\\Area", "children": [
            {"path": "\\Fabrikam\\Area\\Web", "children": [{"path": "\\Fabrikam\\Area\\Web\\Shop"}]},
        ]});
        let found = records(find("areaPaths").expect("a source"), &tree);
        let values: Vec<_> = found.iter().map(|record| record.value.as_str()).collect();
        assert_eq!(values, ["Fabrikam", "Fabrikam\\Web", "Fabrikam\\Web\\Shop"]);
    }
}
