//! Data table: organizations, projects, teams and personal access tokens.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::id_of;
use super::items;
use super::people::{contoso, fabrikam, northwind, person};
use crate::azure_devops::process::{AGILE, BASIC, Process, SCRUM};
use crate::azure_devops::{Node, Organization, Pat, Project, Team};

/// Days of a sprint.
const SPRINT_DAYS: i64 = 14;

/// The organizations with their work items.
pub(super) fn organizations(now: Timestamp) -> Vec<Organization> {
    let mut demo = organization("contoso-demo", contoso(), &["ada", "grace"], &["ada"], now);
    demo.projects = vec![
        project(
            "Fabrikam",
            "Web shop and its services",
            &AGILE,
            &["ada", "grace"],
            now,
        ),
        project(
            "Tailspin Toys",
            "Toy catalog",
            &SCRUM,
            &["ada", "grace"],
            now,
        ),
        project(
            "Northwind",
            "Warehouse and shipping",
            &BASIC,
            &["grace"],
            now,
        ),
    ];
    let mut labs = organization("contoso-labs", contoso(), &["ada"], &["ada"], now);
    labs.projects = vec![
        project("Experiments", "Ideas that may fail", &BASIC, &["ada"], now),
        project(
            "Großprojekt Ölfilter",
            "Names with other letters",
            &AGILE,
            &["ada"],
            now,
        ),
    ];
    let mut works = organization(
        "fabrikam-works",
        fabrikam(),
        &["margaret", "alan", "ada"],
        &["alan"],
        now,
    );
    works.projects = vec![project(
        "Rollout",
        "Company-wide rollout",
        &SCRUM,
        &["margaret", "alan"],
        now,
    )];
    let mut all = vec![demo, labs, works];
    all.extend(elsewhere(now));
    for organization in &mut all {
        items::fill(organization, now);
    }
    all
}

/// Those of guests, of an app policy, and of personal accounts.
fn elsewhere(now: Timestamp) -> [Organization; 4] {
    let mut partners = organization(
        "contoso-partners",
        contoso(),
        &["dorothy"],
        &["dorothy"],
        now,
    );
    partners.projects = vec![project(
        "Shared Roadmap",
        "Plans with partners",
        &BASIC,
        &["dorothy"],
        now,
    )];
    let mut traders = organization(
        "northwind-traders",
        northwind(),
        &["dorothy"],
        &["dorothy"],
        now,
    );
    traders.projects = vec![project(
        "Orders",
        "Orders and returns",
        &AGILE,
        &["dorothy"],
        now,
    )];
    let mut locked = organization("contoso-locked", contoso(), &["radia"], &["radia"], now);
    locked.allows_apps = false;
    // Backed by personal accounts: the service names the zero GUID as its directory.
    let personal = organization(
        "katherine-home",
        Uuid::nil(),
        &["katherine"],
        &["katherine"],
        now,
    );
    [partners, traders, locked, personal]
}

fn organization(
    name: &str,
    directory: Uuid,
    members: &[&str],
    administrators: &[&str],
    now: Timestamp,
) -> Organization {
    let owner = administrators.first().copied().unwrap_or_default();
    let pat = |label: &str, permissions: &[&str]| Pat {
        label: label.to_owned(),
        token: pat_text(&format!("{name}/{label}")),
        person: person(owner),
        permissions: permissions.iter().map(|one| (*one).to_owned()).collect(),
        expires_at: later(now, 365),
    };
    Organization {
        id: id_of(&format!("organization/{name}")),
        name: name.to_owned(),
        directory,
        allows_apps: true,
        members: members.iter().map(|key| person(key)).collect(),
        administrators: administrators.iter().map(|key| person(key)).collect(),
        projects: Vec::new(),
        items: std::collections::BTreeMap::new(),
        next_item_id: 1,
        next_comment_id: 1,
        subscriptions: Vec::new(),
        attachments: Vec::new(),
        pats: vec![
            pat(
                "work items",
                &["vso.profile", "vso.project", "vso.work_write"],
            ),
            pat("read only", &["vso.project", "vso.work"]),
            pat("no work items", &["vso.code"]),
        ],
    }
}

/// 84 characters with `AZDO` at positions 77 to 80, the form of new tokens.
fn pat_text(name: &str) -> String {
    let digest = |round: u8| {
        Sha256::new()
            .chain_update(name)
            .chain_update([round])
            .finalize()
    };
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bytes = (0..3).flat_map(digest);
    let text: String = bytes
        .map(|byte| char::from(letters[usize::from(byte) % letters.len()]))
        .take(80)
        .collect();
    format!("{}AZDO{}", &text[..76], &text[76..])
}

pub(super) fn later(now: Timestamp, days: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * days))
        .unwrap_or(now)
}

/// Sprints begin and end at midnight.
fn midnight(now: Timestamp, days: i64) -> Timestamp {
    let at = later(now, days);
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).start_of_day();
    day.map_or(at, |day| day.timestamp())
}

fn project(
    name: &str,
    description: &str,
    process: &'static Process,
    members: &[&str],
    now: Timestamp,
) -> Project {
    let id = |kind: &str| id_of(&format!("{kind}/{name}"));
    let members: Vec<Uuid> = members.iter().map(|key| person(key)).collect();
    let team = |team: &str, description: &str| Team {
        id: id(team),
        name: team.to_owned(),
        description: description.to_owned(),
        members: members.clone(),
    };
    let node = |number: i64, kind: &str, name: &str| Node {
        id: number,
        identifier: id(&format!("{kind}{number}")),
        name: name.to_owned(),
        dates: None,
        children: Vec::new(),
    };
    let mut areas = node(10, "area", name);
    areas.children = vec![node(11, "area", "Website"), node(12, "area", "Service")];
    areas.children[0].children = vec![node(13, "area", "Checkout")];
    let mut iterations = node(20, "iteration", name);
    iterations.children = (1..=3)
        .map(|sprint| {
            let start = (sprint - 2) * SPRINT_DAYS;
            Node {
                dates: Some((midnight(now, start), midnight(now, start + SPRINT_DAYS - 1))),
                ..node(20 + sprint, "iteration", &format!("Sprint {sprint}"))
            }
        })
        .collect();
    Project {
        id: id("project"),
        name: name.to_owned(),
        description: description.to_owned(),
        process,
        state: "wellFormed",
        revision: 3813,
        last_update: later(now, -30),
        teams: vec![
            team(&format!("{name} Team"), "The default team"),
            team("Platform", "Services and data"),
        ],
        areas,
        iterations,
    }
}
