//! Work items, made through the same save as those of the API, so that their history is real.

use jiff::Timestamp;
use serde_json::{Map, json};

use super::organizations::later;
use super::people::person;
use crate::azure_devops::work_items::save::{self, Author};
use crate::azure_devops::work_items::seeding::{self, SeedItem};
use crate::azure_devops::{Organization, Project};

/// Title, index of the type in the process from large to small, steps of progress, tags.
type Line = (&'static str, usize, usize, &'static str);

/// Two trees of ten: each large item is the parent of the smaller ones that follow it.
const LINES: &[Line] = &[
    ("Customers pay in their own currency", 0, 1, "payments; q4"),
    ("Show prices in the visitor's currency", 1, 1, "payments"),
    ("Read exchange rates every hour", 2, 2, "payments; service"),
    (
        "Round prices the way each country expects",
        2,
        1,
        "payments",
    ),
    (
        "Price is shown twice after a currency change",
        2,
        0,
        "bug-bash",
    ),
    ("Rotate the signing key", 2, 0, "security; q4"),
    ("Let people order without an account", 1, 0, "checkout"),
    ("Keep the basket for thirty days", 2, 1, "checkout"),
    ("Ask for a mail address before paying", 2, 0, ""),
    (
        "Checkout hangs on slow connections",
        2,
        1,
        "bug-bash; checkout",
    ),
    ("Operations sleep at night", 0, 1, "reliability"),
    (
        "Alerts go to the team on duty",
        1,
        2,
        "reliability; on-call",
    ),
    ("Describe what to do for every alert", 2, 1, "docs"),
    ("Quiet the disk alert", 2, 2, "on-call"),
    ("Restore is tried every month", 1, 0, "reliability"),
    ("Write down the restore steps", 2, 0, "docs"),
    (
        "Restore the shop database into a test account",
        2,
        0,
        "reliability; q4",
    ),
    (
        "Delete personal data after two years",
        2,
        0,
        "privacy; security",
    ),
];

/// Fills an organization's projects with work items.
pub(super) fn fill(organization: &mut Organization, now: Timestamp) {
    let count = organization.projects.len();
    for index in 0..count {
        let length = if index == 0 { LINES.len() } else { 10 };
        let mut parents: [Option<i64>; 3] = [None; 3];
        for (number, line) in LINES.iter().take(length).enumerate() {
            let days = i64::try_from(number).unwrap_or_default() - 40;
            let id = add(
                organization,
                index,
                number,
                line,
                &parents,
                later(now, days),
            );
            parents[line.1.min(2)] = id;
        }
    }
}

fn add(
    organization: &mut Organization,
    project: usize,
    number: usize,
    line: &Line,
    parents: &[Option<i64>; 3],
    at: Timestamp,
) -> Option<i64> {
    let (title, level, steps, tags) = *line;
    let members = organization.members.clone();
    let author = Author {
        person: *members.get(number % members.len().max(1))?,
        at,
    };
    let one: &Project = organization.projects.get(project)?;
    let types = one.process.types;
    let definition = match (level, title.contains("hangs") || title.contains("twice")) {
        (2, true) => types
            .iter()
            .find(|kind| kind.name == "Bug")
            .or(types.last())?,
        (level, _) => types.get(level.min(types.len() - 1))?,
    };
    let item = save::blank(one, definition);
    let mut fields = Map::new();
    fields.insert("System.Title".into(), json!(title));
    fields.insert(
        "System.Description".into(),
        json!(format!("<div>{title}.</div>")),
    );
    fields.insert(
        "Microsoft.VSTS.Common.Priority".into(),
        json!(number % 4 + 1),
    );
    if !tags.is_empty() {
        fields.insert("System.Tags".into(), json!(tags));
    }
    if number % 3 != 2 {
        fields.insert(
            "System.AssignedTo".into(),
            json!(members.get((number + 1) % members.len())),
        );
    }
    let (area, sprint) = (
        ["", "\\Website", "\\Website\\Checkout", "\\Service"][number % 4],
        number % 3 + 1,
    );
    fields.insert(
        "System.AreaPath".into(),
        json!(format!("{}{area}", one.name)),
    );
    fields.insert(
        "System.IterationPath".into(),
        json!(format!("{}\\Sprint {sprint}", one.name)),
    );
    let parent = level.checked_sub(1).and_then(|above| parents[above]);
    let id = seeding::create(
        organization,
        SeedItem {
            item,
            fields,
            parent,
            definition,
            author,
        },
    );
    for step in 1..=steps.min(definition.states.len() - 1) {
        let state = definition
            .states
            .get(step)
            .filter(|state| state.category != "Removed")?;
        let days = i64::try_from(step).unwrap_or_default();
        let author = Author {
            person: person("ada"),
            at: later(at, days),
        };
        let author = if members.contains(&author.person) {
            author
        } else {
            Author {
                person: members[0],
                ..author
            }
        };
        let note = (step == 1).then(|| format!("Started: {}", title.to_lowercase()));
        seeding::advance(organization, id, definition, state.name, note, author);
    }
    Some(id)
}
