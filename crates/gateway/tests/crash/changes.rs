//! `kill -9` between a change and its answer: creates, updates of fields, comments and links, and deletions.
//!
//! The simulator carries a change out and holds its answer back; then the program is killed. `KILLS`, `RUNS` and `NODES` as
//! for the others; a thousand kills take `KILLS=1000 RUNS=420`, and with three gateways twelve runs each.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Child;

use super::support::TestGateway;
use super::{all_succeed, number, program, random, with_events};

/// What is interrupted: method and a part of the path.
const KINDS: [(&str, &str); 3] = [
    ("POST", "/workitems/$"),
    ("PATCH", "/workitems/"),
    ("DELETE", "/workitems/"),
];
const LOOK: Duration = Duration::from_millis(20);

fn link(name: &str) -> String {
    format!("https://{name}.example/")
}

/// Makes two items, changes one in every way, and deletes the other.
fn definition() -> Value {
    let step = |id: &str, action: &str, parameters: Value| {
        json!({"id": id, "do": {
            "type": "action", "action": format!("AZURE_DEVOPS_{action}"), "parameters": parameters,
        }})
    };
    let links: Vec<Value> = ["a", "b", "c"]
        .iter()
        .map(|name| json!({"rel": "Hyperlink", "url": link(name)}))
        .collect();
    let create = |title: &str| {
        json!({
            "project": "Fabrikam", "workItemType": "Task", "relations": links,
            "fields": {"System.Title": format!("kill {{{{trigger.output.n}}}} {title}")},
        })
    };
    let kept = "{{keep.output.id}}";
    json!({
        "id": "make", "description": "Change", "defaultEnabled": true,
        "trigger": {"type": "appEvent", "event": "Make"},
        "steps": [
            step("keep", "CREATE_WORKITEM", create("kept")),
            step("lose", "CREATE_WORKITEM", create("lost")),
            step("edit", "UPDATE_WORKITEM", json!({
                "id": kept, "removeRelations": [1], "relations": [{"rel": "Hyperlink", "url": link("d")}],
                "fields": {"System.Description": "edited", "System.History": "edited"},
            })),
            step("unlink", "UPDATE_WORKITEM", json!({"id": kept, "removeRelations": [0]})),
            step("remark", "UPDATE_WORKITEM", json!({"id": kept, "fields": {"System.History": "remarked"}})),
            step("link", "UPDATE_WORKITEM", json!({
                "id": kept, "relations": [{"rel": "System.LinkTypes.Related", "workItemId": "{{lose.output.id}}"}],
            })),
            step("drop", "DELETE_WORKITEM", json!({"id": "{{lose.output.id}}", "project": "Fabrikam"})),
        ],
    })
}

async fn held(gateway: &TestGateway) -> u64 {
    let state = gateway.knob(Method::GET, "state", json!({})).await;
    state["queued"]["held"].as_u64().unwrap()
}

/// Waits until so many answers are held as `is_so` says.
async fn held_is(gateway: &TestGateway, within: Duration, is_so: impl Fn(u64) -> bool) -> bool {
    let waiting = async {
        while !is_so(held(gateway).await) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(within, waiting).await.is_ok()
}

/// Kills one program after another until the answers that are held are fewer; gives how many changes were interrupted.
async fn kill(gateway: &TestGateway, running: &mut [Child]) -> u64 {
    let before = held(gateway).await;
    let first = usize::try_from(random(running.len() as u128)).unwrap();
    for at in 0..running.len() {
        let one = &mut running[(first + at) % running.len()];
        one.kill().await.unwrap();
        *one = program(gateway.folder.path());
        if held_is(gateway, Duration::from_secs(1), |now| now < before).await {
            return before - held(gateway).await;
        }
    }
    0
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_or_repeated_when_the_program_is_killed_before_the_answer() {
    // Several gateways do more between two kills.
    let (kills, runs, nodes) = match std::env::var("TEST_DATABASE").as_deref() {
        Ok("postgres") => (10, 120, 3),
        _ => (100, 40, 1),
    };
    let (kills, runs, nodes) = (
        number("KILLS", kills),
        number("RUNS", runs),
        number("NODES", nodes),
    );
    let gateway = with_events(&definition(), runs).await;
    let started = Instant::now();
    let mut running: Vec<Child> = (0..nodes).map(|_| program(gateway.folder.path())).collect();
    let (mut killed, mut interrupted) = (0, 0);
    while killed < kills {
        for (method, path) in KINDS {
            let hold = json!({"face": "answerHeld", "method": method, "path": path});
            gateway.knob(Method::POST, "answers", hold).await;
        }
        let is_held = held_is(&gateway, Duration::from_mins(1), |now| now > 0).await;
        assert!(is_held, "RUNS is too small for {kills} kills: {killed}");
        interrupted += kill(&gateway, &mut running).await;
        killed += 1;
        // Those of other programs, which were not killed, are lost.
        gateway.knob(Method::DELETE, "answers", json!({})).await;
    }
    all_succeed(&gateway, runs).await;
    look_at_everything(&gateway, runs).await;
    println!(
        "{runs} runs, {killed} kills between change and answer, {interrupted} changes interrupted, {nodes} nodes, {:.1} s: \
         each change once",
        started.elapsed().as_secs_f64()
    );
}

async fn get(gateway: &TestGateway, path: &str) -> Value {
    let answer = gateway.proxy("u1", path).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
    answer.json["output"].clone()
}

/// Every item by its title, and those of the recycle bin.
async fn look_at_everything(gateway: &TestGateway, runs: usize) {
    let mut bin = BTreeMap::<String, usize>::new();
    let deleted = get(gateway, "/Fabrikam/_apis/wit/recyclebin?api-version=7.1").await;
    let ids: Vec<_> = deleted["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].to_string())
        .collect();
    for ids in ids.chunks(100) {
        let path = format!(
            "/Fabrikam/_apis/wit/recyclebin?ids={}&api-version=7.1",
            ids.join(",")
        );
        for row in get(gateway, &path).await["value"].as_array().unwrap() {
            *bin.entry(row["name"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    let live = live(gateway).await;
    assert_eq!(live.len(), runs, "items that are there");
    for n in 0..runs {
        assert_eq!(bin.get(&format!("kill {n} lost")), Some(&1), "{n}");
        assert_eq!(bin.get(&format!("kill {n} kept")), None, "{n}");
        let [item] = live[&format!("kill {n} kept")].as_slice() else {
            panic!("more than one item of run {n}");
        };
        was_changed_once(gateway, item).await;
    }
}

async fn live(gateway: &TestGateway) -> BTreeMap<String, Vec<Value>> {
    let filter = json!({"field": "System.Title", "operator": "CONTAINS", "value": "kill"});
    let body = json!({"action": "AZURE_DEVOPS_SEARCH_WORKITEMS", "parameters": {
        "project": "Fabrikam", "filters": [filter], "fields": ["System.Title"], "top": 10_000,
    }});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    let mut items = BTreeMap::<String, Vec<Value>>::new();
    for item in answer.json["output"]["workItems"].as_array().unwrap() {
        let title = item["fields"]["System.Title"].as_str().unwrap();
        items
            .entry(title.to_owned())
            .or_default()
            .push(item["id"].clone());
    }
    items
}

async fn was_changed_once(gateway: &TestGateway, id: &Value) {
    let path = format!("/_apis/wit/workitems/{id}?$expand=relations&api-version=7.1");
    let item = get(gateway, &path).await;
    // Made, edited, remarked upon; links alone raise no revision.
    assert_eq!(item["rev"], 3, "{item:#}");
    let relations = item["relations"].as_array().unwrap().iter();
    let mut targets: Vec<_> = relations.map(|one| one["url"].as_str().unwrap()).collect();
    targets.retain(|url| url.ends_with(".example/"));
    assert_eq!(targets, [link("c"), link("d")], "{item:#}");
    let path = format!("/Fabrikam/_apis/wit/workItems/{id}/comments?api-version=7.1-preview.4");
    let comments = get(gateway, &path).await;
    let mut texts: Vec<_> = comments["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|comment| comment["text"].as_str().unwrap())
        .collect();
    texts.sort_unstable();
    assert_eq!(texts, ["edited", "remarked"], "{item:#}");
    let path = format!("/_apis/wit/workItems/{id}/updates?api-version=7.1");
    let updates = get(gateway, &path).await;
    let links = updates["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|update| update["relations"]["added"][0]["rel"] == "System.LinkTypes.Related");
    assert_eq!(links.count(), 1, "{updates:#}");
}
