//! Area and iteration trees.

use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::errors::{ApiError, bad_argument, wit};
use super::super::model::{Node, Project};
use super::super::reply::Reply;
use super::render::date;

/// In the order of their numbers, which the official clients send.
const GROUPS: &[(&str, &str, &str)] = &[
    ("areas", "area", "Area"),
    ("iterations", "iteration", "Iteration"),
];

struct Tree<'a> {
    call: &'a Call<'a>,
    project: &'a Project,
    group: &'static (&'static str, &'static str, &'static str),
}

impl Tree<'_> {
    fn root(&self) -> &Node {
        if self.group.0 == "areas" {
            &self.project.areas
        } else {
            &self.project.iterations
        }
    }

    /// `path` of the node has a level that field values lack: `\Project\Area\Sub`.
    fn body(&self, node: &Node, below: &str, depth: usize) -> Value {
        let mut body = Map::new();
        let url = self.call.url(&format!(
            "/{}/_apis/wit/classificationNodes/{}{}",
            self.project.id,
            self.group.2.to_owned() + "s",
            below.replace('\\', "/")
        ));
        body.insert("id".into(), json!(node.id));
        body.insert("identifier".into(), json!(node.identifier));
        body.insert("name".into(), json!(node.name));
        body.insert("structureType".into(), json!(self.group.1));
        body.insert("hasChildren".into(), json!(!node.children.is_empty()));
        if let Some((start, finish)) = node.dates {
            body.insert(
                "attributes".into(),
                json!({"startDate": date(start), "finishDate": date(finish)}),
            );
        }
        if depth > 0 && !node.children.is_empty() {
            let children = node
                .children
                .iter()
                .map(|child| self.body(child, &format!("{below}\\{}", child.name), depth - 1));
            body.insert("children".into(), children.collect());
        }
        body.insert(
            "path".into(),
            json!(format!("\\{}\\{}{below}", self.project.name, self.group.2)),
        );
        body.insert("url".into(), json!(url));
        Value::Object(body)
    }
}

/// `GET {project}/_apis/wit/classificationnodes`
pub(crate) fn roots(call: &Call<'_>) -> Result<Reply, ApiError> {
    let depth = call.query.count("$depth")?.unwrap_or(0).min(50);
    let state = call.inner.read();
    let project = call.need_project(call.organization(&state)?)?;
    let rows = GROUPS.iter().map(|group| {
        let tree = Tree {
            call,
            project,
            group,
        };
        tree.body(tree.root(), "", depth)
    });
    Ok(Reply::list(rows.collect()))
}

/// `GET {project}/_apis/wit/classificationnodes/{group}/{path}`
pub(crate) fn node(call: &Call<'_>) -> Result<Reply, ApiError> {
    let depth = call.query.count("$depth")?.unwrap_or(0).min(50);
    let state = call.inner.read();
    let project = call.need_project(call.organization(&state)?)?;
    let name = call
        .rest
        .get(2)
        .map(|name| name.to_ascii_lowercase())
        .unwrap_or_default();
    let by_number = name.parse().ok().and_then(|at: usize| GROUPS.get(at));
    let group = by_number
        .or_else(|| GROUPS.iter().find(|group| group.0 == name))
        .ok_or_else(|| bad_argument(format!("The structure group '{name}' does not exist.")))?;
    let tree = Tree {
        call,
        project,
        group,
    };
    let mut node = tree.root();
    let mut below = String::new();
    for part in call.rest.iter().skip(3).flat_map(|part| part.split('\\')) {
        node = node
            .children
            .iter()
            .find(|child| child.name.eq_ignore_ascii_case(part))
            .ok_or_else(|| {
                wit(
                    404,
                    "ClassificationNodeNotFoundException",
                    format!("VS402485: The node '{part}' does not exist."),
                )
            })?;
        below = format!("{below}\\{}", node.name);
    }
    Ok(Reply::ok(tree.body(node, &below, depth)))
}
