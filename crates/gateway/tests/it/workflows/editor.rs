//! Workflows that are made in the dashboard: saved, deployed, compared, tried, and run like those of the file.

use crate::support::desk::Desk;
use crate::support::{self, Answer, TestGateway, start, start_running};
use paragon_gateway::operators::Role;
use paragon_gateway::runs;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const API: &str = "/projects/app/workflows";

/// Makes a work item of the event's title.
fn definition(id: &str, text: &str) -> Value {
    let fields = json!({"System.Title": "{{trigger.output.title}}", "System.Description": text});
    json!({
        "id": id, "description": "Bugs from tickets",
        "trigger": {"type": "appEvent", "event": "Ticket Created", "sample": {"title": "A pump"}},
        "steps": [{"id": "create", "do": {
            "type": "action", "action": "AZURE_DEVOPS_CREATE_WORKITEM",
            "parameters": {"project": "Fabrikam", "workItemType": "Task", "fields": fields},
        }}],
    })
}

async fn create(desk: &Desk<'_>, definition: Value) -> Answer {
    let body = json!({ "definition": definition });
    desk.call(Method::POST, API, Some(body)).await
}

async fn save(desk: &Desk<'_>, id: &str, definition: Value, based_on: u32) -> Answer {
    let body = json!({ "definition": definition, "basedOn": based_on });
    desk.call(Method::PUT, &format!("{API}/{id}"), Some(body))
        .await
}

async fn deploy(desk: &Desk<'_>, id: &str, version: u32) -> Answer {
    let body = json!({ "version": version });
    desk.call(Method::PUT, &format!("{API}/{id}/deployment"), Some(body))
        .await
}

/// Sends an event and gives the steps of the run that it started, once that is over.
async fn run_once(gateway: &TestGateway, title: &str) -> Vec<Value> {
    let body = json!({"name": "Ticket Created", "payload": {"title": title}});
    let path = format!("{}/v2/projects/app/sdk/events/trigger", gateway.url);
    let sent = support::client()
        .post(path)
        .bearer_auth(gateway.token("u1"))
        .header("origin", support::ORIGIN)
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), StatusCode::OK);
    let waiting = async {
        loop {
            runs::sweep(&gateway.app).await.unwrap();
            let list = gateway.call("u1", Method::GET, "/runs?limit=1", None).await;
            let run = &list.json["runs"][0];
            if !run["endedAt"].is_null() {
                let path = format!("/runs/{}", run["id"].as_str().unwrap());
                let run = gateway.call("u1", Method::GET, &path, None).await;
                return run.json["steps"].as_array().unwrap().clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), waiting)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_workflow_is_made_deployed_changed_and_run() {
    let gateway = start_running(|_| {}).await;
    gateway.connect("u1", "grace").await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    let made = create(&desk, definition("bugs", "first")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json["savedVersion"], 1);
    assert_eq!(made.json["deployedVersion"], Value::Null);
    assert_eq!(made.json["savedBy"], "editor@example.com");

    let offered = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert!(!offered.text.contains("bugs"), "nothing is in force yet");
    assert_eq!(deploy(&desk, "bugs", 1).await.json["deployedVersion"], 1);
    let switched = gateway
        .call("u1", Method::POST, "/sdk/workflows/bugs", None)
        .await;
    assert!(switched.status.is_success(), "{}", switched.text);
    let steps = run_once(&gateway, "Pump 1").await;
    assert_eq!(steps[0]["input"]["fields"]["System.Description"], "first");

    // A saved version changes nothing until it is deployed.
    let saved = save(&desk, "bugs", definition("bugs", "second"), 1).await;
    assert_eq!(saved.json["savedVersion"], 2, "{}", saved.text);
    assert_eq!(saved.json["deployedVersion"], 1);
    let steps = run_once(&gateway, "Pump 2").await;
    assert_eq!(steps[0]["input"]["fields"]["System.Description"], "first");
    deploy(&desk, "bugs", 2).await;
    let steps = run_once(&gateway, "Pump 3").await;
    assert_eq!(steps[0]["input"]["fields"]["System.Description"], "second");

    let old = desk.get(&format!("{API}/bugs/versions/1")).await;
    let text =
        &old.json["definition"]["steps"][0]["do"]["parameters"]["fields"]["System.Description"];
    assert_eq!(text, "first");
    let gone = desk
        .call(Method::DELETE, &format!("{API}/bugs/deployment"), None)
        .await;
    assert_eq!(gone.json["deployedVersion"], Value::Null);
    let removed = desk
        .call(Method::DELETE, &format!("{API}/bugs"), None)
        .await;
    assert_eq!(removed.json["workflows"], json!([]));
    assert_eq!(
        desk.get(&format!("{API}/bugs")).await.code(),
        "workflow_not_found"
    );

    let done: Vec<_> = desk
        .log()
        .await
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    for action in [
        "workflow.created",
        "workflow.saved",
        "workflow.deployed",
        "workflow.withdrawn",
        "workflow.removed",
    ] {
        assert!(done.contains(&json!(action)), "{action} in {done:?}");
    }
}

#[tokio::test]
async fn what_is_deployed_stays_when_the_gateway_starts_again() {
    let gateway = start_running(|_| {}).await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    create(&desk, definition("bugs", "first")).await;
    deploy(&desk, "bugs", 1).await;
    // What the program does when it starts.
    let now = gateway.app.clock.now();
    gateway
        .app
        .store
        .set_workflows("app", "azuredevops", &[], &[], now)
        .await
        .unwrap();
    let list = desk.get(API).await;
    assert_eq!(
        list.json["workflows"][0]["deployedVersion"], 1,
        "{}",
        list.text
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_and_not_saved() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    let wrong = create(&desk, definition("bugs", "{{fnd.output.x}} {{secrets.NO}}")).await;
    assert_eq!(wrong.code(), "invalid_request");
    let faults: Vec<_> = wrong.json["details"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", wrong.text))
        .iter()
        .map(|fault| fault["path"].clone())
        .collect();
    let place = "/definition/steps/0/do/parameters/fields/System.Description";
    assert_eq!(faults, [json!(place), json!(place)]);
    let unread = create(
        &desk,
        json!({"id": "x", "description": "X", "color": "red"}),
    )
    .await;
    assert!(unread.text.contains("/definition/color"), "{}", unread.text);

    create(&desk, definition("bugs", "first")).await;
    assert_eq!(
        create(&desk, definition("bugs", "again")).await.code(),
        "workflow_taken"
    );
    let renamed = save(&desk, "bugs", definition("other", "first"), 1).await;
    assert!(renamed.text.contains("the ID of a workflow cannot change"));
    save(&desk, "bugs", definition("bugs", "second"), 1).await;
    let late = save(&desk, "bugs", definition("bugs", "third"), 1).await;
    assert_eq!(late.code(), "revision_conflict");
    assert_eq!(deploy(&desk, "bugs", 9).await.code(), "workflow_not_found");
    assert_eq!(deploy(&desk, "none", 1).await.code(), "workflow_not_found");
}

#[tokio::test]
async fn the_file_s_workflows_are_shown_and_not_changed() {
    let gateway = start_running(|config| {
        config.projects[0].workflows = vec![definition("from-file", "x")];
    })
    .await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let list = desk.get(API).await;
    assert_eq!(list.json["workflows"][0]["source"], "file");
    let saved = save(&desk, "from-file", definition("from-file", "y"), 1).await;
    assert_eq!(saved.code(), "workflow_in_file");
    assert_eq!(
        deploy(&desk, "from-file", 1).await.code(),
        "workflow_in_file"
    );
    let path = format!("{API}/from-file");
    assert_eq!(
        desk.call(Method::DELETE, &path, None).await.code(),
        "workflow_in_file"
    );
    assert_eq!(
        create(&desk, definition("from-file", "z")).await.code(),
        "workflow_taken"
    );
}

#[tokio::test]
async fn viewers_look_and_change_nothing() {
    let gateway = start().await;
    create(
        &Desk::of(&gateway, Role::Editor).await,
        definition("bugs", "x"),
    )
    .await;
    let desk = Desk::of(&gateway, Role::Viewer).await;
    assert_eq!(desk.get(API).await.status, StatusCode::OK);
    assert_eq!(desk.get("/workflow-catalog").await.status, StatusCode::OK);
    let body = json!({"definition": definition("bugs", "y"), "step": "create"});
    let test = desk
        .call(
            Method::POST,
            "/projects/app/workflow-drafts/test",
            Some(body),
        )
        .await;
    let path = format!("{API}/bugs");
    for answer in [
        create(&desk, definition("more", "x")).await,
        save(&desk, "bugs", definition("bugs", "y"), 1).await,
        deploy(&desk, "bugs", 1).await,
        desk.call(Method::DELETE, &path, None).await,
        test,
    ] {
        assert_eq!(answer.code(), "role_not_sufficient");
    }
    let stranger = Desk::new(&gateway);
    assert_eq!(stranger.get(API).await.code(), "sign_in_required");
}

#[tokio::test]
async fn a_draft_is_checked_with_what_the_last_run_gave() {
    let gateway = start_running(|config| {
        config.projects[0].secrets = [("KEY".to_owned(), "hunter2".into())].into();
    })
    .await;
    gateway.connect("u1", "grace").await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    create(&desk, definition("bugs", "first")).await;
    deploy(&desk, "bugs", 1).await;
    gateway
        .call("u1", Method::POST, "/sdk/workflows/bugs", None)
        .await;
    run_once(&gateway, "Pump 7").await;

    let mut draft = definition("bugs", "first");
    let more = json!({"id": "more", "do": {"type": "request", "method": "POST", "url": "", "body": "{{crate.output.id}}"}});
    draft["steps"].as_array_mut().unwrap().push(more);
    let body = json!({ "definition": draft });
    let checked = desk
        .call(
            Method::POST,
            "/projects/app/workflow-drafts/check",
            Some(body),
        )
        .await;
    let messages = checked.json["problems"].to_string();
    assert!(messages.contains("/steps/1/do/url"), "{messages}");
    assert!(messages.contains("did you mean `create`?"), "{messages}");
    let groups = checked.json["groups"].as_array().unwrap();
    let variables: Vec<&Value> = groups
        .iter()
        .flat_map(|group| group["variables"].as_array().unwrap())
        .collect();
    let one = |reference: &str| {
        let found = variables.iter().find(|one| one["reference"] == reference);
        *found.unwrap_or_else(|| panic!("{reference} in {variables:#?}"))
    };
    let title = one("create.output.fields[\"System.Title\"]");
    assert_eq!(
        (&title["sample"], &title["types"]),
        (&json!("Pump 7"), &json!(["string"]))
    );
    assert_eq!(one("create.output.id")["types"], json!(["integer"]));
    assert_eq!(one("trigger.output.title")["sample"], "A pump");
    assert_eq!(
        one("secrets.KEY")["sample"],
        Value::Null,
        "no secret is shown"
    );
    assert!(!checked.text.contains("hunter2"));
    assert_eq!(
        checked.json["places"]["/steps/1"],
        json!(["create.output", "trigger.output"])
    );

    let body = json!({"definition": {"steps": 7}});
    let odd = desk
        .call(
            Method::POST,
            "/projects/app/workflow-drafts/check",
            Some(body),
        )
        .await;
    assert_eq!(odd.json["groups"], Value::Null);
    assert!(
        odd.json["problems"].as_array().unwrap().len() > 1,
        "{}",
        odd.text
    );
}

/// What a viewer may ask for must not hold up what everybody needs.
#[tokio::test]
async fn a_draft_full_of_references_holds_nobody_up() {
    let gateway = start().await;
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let text = "{{nobody.output.x}} ".repeat(4_000);
    let body = json!({ "definition": definition("long", &text) });
    let began = std::time::Instant::now();
    let check = || {
        let path = "/projects/app/workflow-drafts/check";
        viewer.call(Method::POST, path, Some(body.clone()))
    };
    let health = async {
        let health = format!("{}/healthz", gateway.url);
        let answer = support::client().get(health).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        began.elapsed()
    };
    let (first, second, third, health) = tokio::join!(check(), check(), check(), health);
    let second_long = std::time::Duration::from_secs(1);
    assert!(health < second_long, "{health:?}");
    for answer in [first, second, third] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let problems = answer.json["problems"].as_array().unwrap();
        assert_eq!(problems.len(), 50);
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(10));
}

#[tokio::test]
async fn a_step_is_looked_at_and_carried_out_with_an_account() {
    let gateway = start_running(|config| {
        config.projects[0].secrets = [("KEY".to_owned(), "hunter2".into())].into();
    })
    .await;
    let credential = gateway.connect("u1", "grace").await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    let test = async |body: Value| {
        let mut body = body;
        body["step"] = json!("create");
        desk.call(
            Method::POST,
            "/projects/app/workflow-drafts/test",
            Some(body),
        )
        .await
    };
    let draft = definition("bugs", "of {{user.id}}, {{secrets.KEY}}");
    let outputs = json!({"trigger": {"title": "Pump 9"}});
    let looked = test(json!({"definition": draft, "outputs": outputs})).await;
    assert_eq!(
        looked.json["input"]["fields"]["System.Title"], "Pump 9",
        "{}",
        looked.text
    );
    assert_eq!(looked.json["isCarriedOut"], false);
    assert!(!looked.text.contains("hunter2"));

    let sampled = test(json!({"definition": draft})).await;
    assert_eq!(sampled.json["input"]["fields"]["System.Title"], "A pump");
    let missing = test(json!({"definition": draft, "outputs": {"trigger": {}}})).await;
    assert_eq!(missing.json["error"]["code"], "reference_unresolved");
    let nobody = test(json!({"definition": draft, "outputs": outputs, "carryOut": true})).await;
    assert_eq!(nobody.code(), "credential_not_found");

    let account = json!({"userId": "u1", "credentialId": credential});
    let body =
        json!({"definition": draft, "outputs": outputs, "account": account, "carryOut": true});
    let done = test(body).await;
    let description = &done.json["output"]["fields"]["System.Description"];
    assert_eq!(
        description, "of u1, hunter2",
        "what was sent comes back: {}",
        done.text
    );
    assert_eq!(
        done.json["input"]["fields"]["System.Description"],
        "of u1, {{secrets.KEY}}"
    );
    let log = desk.log().await;
    assert_eq!(log[0]["action"], "workflow.step_tested");
    assert_eq!(log[0]["subject"], "u1");
}

#[tokio::test]
async fn a_step_inside_a_fan_out_is_tried_with_the_first_entry() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    let draft = json!({
        "id": "w", "description": "W",
        "trigger": {"type": "request", "sample": {"names": ["Ada", "Grace"]}},
        "steps": [{"id": "each", "do": {"type": "fanOut", "over": "{{trigger.output.body.names}}", "steps": [
            {"id": "answer", "do": {"type": "response", "body": "{{each.item}} is {{each.index}}"}},
        ]}}],
    });
    let body = json!({"definition": draft, "step": "answer"});
    let test = desk
        .call(
            Method::POST,
            "/projects/app/workflow-drafts/test",
            Some(body),
        )
        .await;
    assert_eq!(test.json["output"], "Ada is 0", "{}", test.text);
    let body = json!({"definition": draft, "step": "each"});
    let list = desk
        .call(
            Method::POST,
            "/projects/app/workflow-drafts/test",
            Some(body),
        )
        .await;
    assert_eq!(list.json["input"]["entries"], 2);
}

#[tokio::test]
async fn fields_offer_what_a_chosen_account_has() {
    let gateway = start().await;
    let credential = gateway.connect("u1", "grace").await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    let path = format!("/projects/app/accounts/{credential}/field-options");
    let body = json!({"action": "azuredevops", "sourceKey": "projects"});
    let answer = desk.call(Method::POST, &path, Some(body.clone())).await;
    assert!(answer.text.contains("Fabrikam"), "{}", answer.text);
    let unknown = "/projects/app/accounts/5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01/field-options";
    let missing = desk.call(Method::POST, unknown, Some(body.clone())).await;
    assert_eq!(missing.code(), "credential_not_found");
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let refused = viewer.call(Method::POST, &path, Some(body)).await;
    assert_eq!(refused.code(), "role_not_sufficient");
}
