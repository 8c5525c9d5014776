//! `kill -9` between a change and its answer: creates, updates of fields, comments and links, and deletions.
//!
//! Every program reaches the simulator through a door of its own. When the simulator has carried out a change of the kind
//! that is waited for, its door holds the answer back and the program behind it is killed, so that every kill hits.
//! Runs are begun as long as there are kills to come. `KILLS` and `NODES` say how many; a thousand kills take `KILLS=1000`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::process::Child;
use tokio::sync::mpsc;

use super::{Places, all_succeed, door, event, number, program, with_account, write_config};
use crate::support::TestGateway;

/// What is interrupted, in turns: method and a part of the path.
const KINDS: [(Method, &str); 3] = [
    (Method::POST, "/workitems/$"),
    (Method::PATCH, "/workitems/"),
    (Method::DELETE, "/workitems/"),
];
/// Runs under way: those of a program that was killed stand still for some seconds.
const OPEN: usize = 40;

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

/// What a door saw.
enum Seen {
    /// The last step of a run was carried out.
    Deletion,
    /// A change was carried out by this program, and has no answer.
    Held(usize),
}

/// What the doors of all programs share.
struct Doors {
    /// The kind whose next change is held.
    wanted: Mutex<Option<(Method, &'static str)>>,
    seen: mpsc::UnboundedSender<Seen>,
}

impl Doors {
    fn want(&self, kind: &(Method, &'static str)) {
        *self.wanted.lock().unwrap() = Some(kind.clone());
    }

    /// Whether this change is the one that is waited for; no other is then.
    fn take(&self, method: &Method, path: &str) -> bool {
        let mut wanted = self.wanted.lock().unwrap();
        let is_it = |kind: &mut (Method, &str)| kind.0 == *method && path.contains(kind.1);
        wanted.take_if(is_it).is_some()
    }

    async fn pass(self: Arc<Self>, node: usize, method: Method, path: String, status: StatusCode) {
        if !status.is_success() {
            return;
        }
        // Nobody listens any more when all kills are done.
        if method == Method::DELETE {
            let _ = self.seen.send(Seen::Deletion);
        }
        if self.take(&method, &path) {
            let _ = self.seen.send(Seen::Held(node));
            std::future::pending::<()>().await;
        }
    }
}

/// Folders for as many programs, each with a configuration that names its own door.
async fn build_doors(
    gateway: &TestGateway,
    nodes: usize,
    vault_key: &str,
    doors: &Arc<Doors>,
) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for node in 0..nodes {
        let shared = Arc::clone(doors);
        let pass = move |method, path, status| Arc::clone(&shared).pass(node, method, path, status);
        let places = Places {
            azure_devops: door(gateway, pass).await,
            ..Places::of(gateway)
        };
        let folder = gateway.folder.path().join(format!("node-{node}"));
        std::fs::create_dir(&folder).unwrap();
        write_config(gateway, &folder, &places, vault_key, &definition());
        folders.push(folder);
    }
    folders
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_or_repeated_when_the_program_is_killed_before_the_answer() {
    let is_postgres = std::env::var("TEST_DATABASE").as_deref() == Ok("postgres");
    let kills = number("KILLS", 100);
    let nodes = number("NODES", if is_postgres { 3 } else { 1 });
    let (gateway, vault_key) = with_account(&definition()).await;
    let (seen, mut sights) = mpsc::unbounded_channel();
    let wanted = Mutex::default();
    let doors = Arc::new(Doors { wanted, seen });
    let folders = build_doors(&gateway, nodes, &vault_key, &doors).await;
    for n in 0..OPEN {
        event(&gateway, n).await;
    }
    let started = Instant::now();
    let mut running: Vec<Child> = folders.iter().map(|folder| program(folder)).collect();
    let (mut killed, mut runs) = (0, OPEN);
    doors.want(&KINDS[0]);
    while killed < kills {
        let sight = tokio::time::timeout(Duration::from_mins(1), sights.recv()).await;
        match sight.unwrap_or_else(|_| panic!("nothing happens after {killed} kills")) {
            Some(Seen::Deletion) => {
                event(&gateway, runs).await;
                runs += 1;
            }
            Some(Seen::Held(node)) => {
                running[node].kill().await.unwrap();
                running[node] = program(&folders[node]);
                killed += 1;
                if killed % 100 == 0 {
                    println!("{killed} kills, {:.1} s", started.elapsed().as_secs_f64());
                }
                if killed < kills {
                    doors.want(&KINDS[killed % KINDS.len()]);
                }
            }
            None => unreachable!("the doors stay"),
        }
    }
    all_succeed(&gateway, runs).await;
    look_at_everything(&gateway, runs).await;
    println!(
        "{runs} runs, {killed} kills between change and answer, {nodes} nodes, {:.1} s: each change once",
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
