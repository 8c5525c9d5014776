#![allow(clippy::needless_pass_by_value, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::json_schema::READ;
use crate::trigger::Trigger;

struct Stand {
    create: Value,
    search: Value,
    found: Value,
    shared: Vec<Input>,
}

impl Default for Stand {
    fn default() -> Self {
        Self {
            create: json!({
                "type": "object", "required": ["project", "fields"], "additionalProperties": false,
                "properties": {
                    "project": {"type": "string", "format": "name"},
                    "fields": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
                    "priority": {"type": ["integer", "null"]},
                },
            }),
            search: json!({"type": "object", "properties": {"top": {"type": "integer"}}}),
            found: json!({"type": "object", "properties": {
                "workItems": {"type": "array", "items": {"type": "object", "properties": {
                    "id": {"type": "integer"}, "title": {"type": "string"},
                }}},
            }}),
            shared: vec![
                serde_json::from_value(json!({"id": "area", "title": "Area", "type": "text"}))
                    .expect("an input"),
            ],
        }
    }
}

impl Catalog for Stand {
    fn actions(&self) -> Vec<&str> {
        vec!["SEARCH", "CREATE"]
    }
    fn parameters(&self, action: &str) -> Option<&Value> {
        match action {
            "SEARCH" => Some(&self.search),
            "CREATE" => Some(&self.create),
            _ => None,
        }
    }
    fn output(&self, action: &str) -> Option<&Value> {
        (action == "SEARCH").then_some(&self.found)
    }
    fn check_format(&self, _: &str, text: &str) -> Result<(), String> {
        if text.contains('/') {
            Err("must have no slash".into())
        } else {
            Ok(())
        }
    }
    fn check_cron(&self, expression: &str) -> Result<(), String> {
        if expression == "0 0 9 * * MON-FRI" {
            Ok(())
        } else {
            Err("is not a cron expression".into())
        }
    }
    fn check_time_zone(&self, name: &str) -> Result<(), String> {
        if name == "Europe/Berlin" || name == "UTC" {
            Ok(())
        } else {
            Err("is no time zone".into())
        }
    }
    fn misfits(&self, _: &str, parameters: &Value, path: &str) -> Vec<ErrorDetail> {
        let is_odd = parameters["top"] == 13;
        let misfit = ErrorDetail {
            path: format!("{path}/top"),
            message: "is unlucky".into(),
        };
        is_odd.then_some(misfit).into_iter().collect()
    }
    fn secrets(&self) -> Vec<&str> {
        vec!["KEY"]
    }
    fn shared_inputs(&self) -> &[Input] {
        &self.shared
    }
}

fn search(id: &str) -> Value {
    json!({"id": id, "do": {"type": "action", "action": "SEARCH", "parameters": {}}})
}

fn create(id: &str, title: &str) -> Value {
    let parameters = json!({"project": "Fabrikam", "fields": {"System.Title": title}});
    json!({"id": id, "do": {"type": "action", "action": "CREATE", "parameters": parameters}})
}

fn workflow(steps: Value) -> Value {
    json!({
        "id": "sync", "description": "Sync", "trigger": {"type": "appEvent", "event": "Task Created"},
        "inputs": [{"id": "project", "title": "Project", "type": "text"}, {"id": "limit", "title": "Limit", "type": "number"}],
        "steps": steps,
    })
}

fn said(definition: &Value) -> Vec<String> {
    let problems = match read(definition) {
        Ok(workflow) => validate(&workflow, &Stand::default()),
        Err(problems) => problems,
    };
    problems.iter().map(ToString::to_string).collect()
}

fn faulty(definition: &Value, expected: &[&str]) {
    let said = said(definition);
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (line, part) in said.iter().zip(expected) {
        assert!(line.contains(part), "{part} in {said:#?}");
    }
}

#[test]
fn a_good_one_passes_and_is_read_back_as_it_was() {
    let definition = workflow(json!([
        search("find"),
        {"id": "which", "title": "Is there one?", "do": {
            "type": "conditional",
            "branches": [{
                "when": {"any": [{"all": [{"left": "{{find.output.workItems}}", "operator": "$arrayIsEmpty"}]}]},
                "steps": [create("new", "For {{trigger.output.contact.email}} in {{settings.area}}")],
            }],
            "otherwise": [create("again", "{{find.output.workItems[0].title}} {{secrets.KEY}}")],
        }},
        {"id": "each", "do": {"type": "fanOut", "over": "{{find.output.workItems}}", "steps": [
            create("one", "{{each.item.title}} {{each.index}} {{user.meta.team}}"),
        ]}},
        {"id": "wait", "do": {"type": "delay", "amount": "{{settings.limit}}", "unit": "MINUTES"}, "retry": false},
        create("last", "{{each.output[0]}} {{which.output.branch}}"),
    ]));
    assert_eq!(said(&definition), Vec::<String>::new());
    let read_once = read(&definition).expect("a definition");
    let again = serde_json::to_value(&read_once).expect("json");
    assert_eq!(read(&again), Ok(read_once));
}

#[test]
fn unknown_members_and_kinds_are_told_with_their_place() {
    let definition = json!({
        "id": "sync", "descripton": "Sync", "trigger": {"type": "event"},
        "steps": [
            {"id": "1", "do": {"type": "action", "action": "SEARCH", "paramters": {}}},
            {"id": "2", "do": {"type": "conditional", "branches": [
                {"when": {"any": []}, "steps": [{"id": "3", "retri": 1, "do": {"type": "nap"}}]},
            ]}},
        ],
    });
    faulty(
        &definition,
        &[
            "`/description`: is missing",
            "`/descripton`: is unknown; did you mean `description`?",
            "`/trigger/type`: must be one of `appEvent`, `integrationEnabled`, `request`",
            "`/steps/0/do/paramters`: is unknown; did you mean `parameters`?",
            "`/steps/1/do/branches/0/when/any`: has 0 entries",
            "`/steps/1/do/branches/0/steps/0/retri`: is unknown; did you mean `retry`?",
            "`/steps/1/do/branches/0/steps/0/do/type`: must be one of `action`, `integrationRequest`, `request`, `conditional`",
        ],
    );
}

#[test]
fn references_reach_earlier_steps_on_every_way_alone() {
    let way = |id: &str, title: &str| json!([create(id, title)]);
    let branch = json!({
        "when": {"any": [{"all": [{"left": "{{a.output}}", "operator": "$exists"}]}]},
        "steps": way("a", "{{1.output.workItem}}"),
    });
    let definition = workflow(json!([
        search("1"),
        {"id": "if", "do": {"type": "conditional", "branches": [branch], "otherwise": way("b", "x {{a.output}}")}},
        create("c", "{{b.output}}{{d.output}}{{1.item}}{{settings.projet}}{{secrets.KEYS}}"),
        create("d", "{{nobody.output}} {{"),
        {"id": "e", "do": {"type": "fanOut", "over": "{{1.output.workItems[0].id}}", "steps": way("f", "{{e.item}}")}},
        create("g", "{{f.output}}"),
    ]));
    faulty(
        &definition,
        &[
            "`/steps/1/do/branches/0/when/any/0/all/0/left` (step `if`), character 1: `{{a.output}}`: step `a` does not run before",
            "`/steps/1/do/branches/0/steps/0/do/parameters/fields/System.Title` (step `a`), character 1: `{{1.output.workItem}}`: there is no `workItem`; did you mean `workItems`?",
            "(step `b`), character 3: `{{a.output}}`: step `a` does not run before this one in every branch",
            "(step `c`), character 1: `{{b.output}}`: step `b` does not run before",
            "(step `c`), character 13: `{{d.output}}`: step `d` does not run before",
            "`{{1.item}}`: `1` is not a fan-out around this step",
            "there is no `projet`; did you mean `project`?",
            "the project has no secret `KEYS`; did you mean `KEY`?",
            "(step `d`), character 19: `{{` is not closed",
            "`/steps/4/do/over` (step `e`): must be a list",
            "`{{f.output}}`: step `f` does not run before",
        ],
    );
}

#[test]
fn parameters_are_checked_as_far_as_they_are_known() {
    let action = |id: &str, parameters: Value| json!({"id": id, "do": {"type": "action", "action": "CREATE", "parameters": parameters}});
    let definition = workflow(json!([
        search("1"),
        action("2", json!({"project": "a/b", "fields": {"A": "{{1.output.workItems}}", "B": "{{1.output.workItems}}!"}})),
        action("3", json!({"project": "{{trigger.output.project}}", "priority": "{{1.output.workItems[0].title}}"})),
        action("4", json!({"project": 1, "fields": {}, "priority": "p{{trigger.output.n}}"})),
        {"id": "5", "do": {"type": "action", "action": "SERCH"}},
        {"id": "6", "do": {"type": "action", "action": "SEARCH", "parameters": {"top": 13}}},
        {"id": "7", "do": {"type": "action", "action": "SEARCH", "parameters": {"top": "7"}}},
        {"id": "8", "do": {"type": "action", "action": "SEARCH", "parameters": {"top": "seven"}}},
    ]));
    faulty(
        &definition,
        &[
            "`/steps/1/do/parameters/fields/A` (step `2`): must be string or number; with `{{1.output.workItems}}` it is array",
            "`/steps/1/do/parameters/project` (step `2`): must have no slash",
            "`/steps/2/do/parameters/priority` (step `3`): must be integer; with `{{1.output.workItems[0].title}}` it is string",
            "`/steps/2/do/parameters/fields` (step `3`): is missing",
            "`/steps/3/do/parameters/priority` (step `4`): must be integer",
            "`/steps/3/do/parameters/project` (step `4`): must be text, not a number",
            "`/steps/4/do/action` (step `5`): there is no action `SERCH`; did you mean `SEARCH`?",
            "`/steps/5/do/parameters/top` (step `6`): is unlucky",
            "`/steps/7/do/parameters/top` (step `8`): must be a whole number, not text",
        ],
    );
}

#[test]
fn ids_triggers_and_the_rest_are_checked() {
    let definition = json!({
        "id": "a b", "description": " ",
        "permissions": {"any": [{"all": [{"left": "{{1.output}}", "operator": "$exists"}]}]},
        "steps": [
            search("1"), search("1"), search("trigger"), search("settings"), search("a.b"),
            {"id": "2", "do": {"type": "delay", "amount": "soon", "unit": "DAYS"}},
            {"id": "3", "do": {"type": "response", "body": {"a": "{{1.output}}"}}},
            {"id": "4", "do": {"type": "fanOut", "over": "all {{1.output}}", "steps": [search("5")]}},
            {"id": "6", "do": {"type": "conditional", "branches": [
                {"when": {"any": [{"all": [{"left": 1, "operator": "$numberEquals"}]}]}},
            ]}},
            {"id": "7", "do": {"type": "integrationRequest", "path": "_apis/projects", "body": {}}},
            {"id": "8", "do": {"type": "request", "url": "http://x.test/{{9.output}}", "method": "POST", "headers": {"A/b": 1}}},
        ],
    });
    faulty(
        &definition,
        &[
            "`/id`: must be 1 to 64",
            "`/description`: is empty",
            "`/trigger`: is missing",
            "`/permissions/any/0/all/0/left`, character 1: permissions can refer only to",
            "`/steps/1/id` (step `1`): `1` is already the ID of another step",
            "`/steps/2/id` (step `trigger`): `trigger` is reserved",
            "`/steps/3/id` (step `settings`): `settings` is reserved",
            "`/steps/4/id` (step `a.b`): must be 1 to 64",
            "`/steps/5/do/amount` (step `2`): must be a number from 0",
            "`/steps/6/do/type` (step `3`): only a workflow with the trigger `request` can respond",
            "`/steps/7/do/over` (step `4`): must be a single reference",
            "`/steps/8/do/branches/0/when/any/0/all/0/right` (step `6`): is missing",
            "`/steps/9/do/path` (step `7`): must begin with `/`",
            "`/steps/9/do/body` (step `7`): a GET has no body",
            "`/steps/10/do/url` (step `8`): must begin with `https://`",
            "`/steps/10/do/headers/A~1b` (step `8`): must be text",
            "`/steps/10/do/url` (step `8`), character 15: `{{9.output}}`: there is no step `9`",
        ],
    );
}

fn started_by(trigger: Value) -> Value {
    let mut definition = workflow(json!([]));
    definition["trigger"] = trigger;
    definition
}

#[test]
fn schedules_are_checked() {
    let schedule = |cron: &str, zone: &str| {
        started_by(json!({"type": "schedule", "cron": cron, "timeZone": zone}))
    };
    let mut good = schedule("0 0 9 * * MON-FRI", "Europe/Berlin");
    good["steps"] = json!([create(
        "1",
        "{{trigger.output.scheduledFor}} {{trigger.output.localTime}}"
    )]);
    assert_eq!(said(&good), Vec::<String>::new());
    let without = started_by(json!({"type": "schedule", "cron": "0 0 9 * * MON-FRI"}));
    let read_once = read(&without).expect("a definition");
    assert!(
        matches!(read_once.trigger, Some(Trigger::Schedule { time_zone, .. }) if time_zone == "UTC")
    );
    faulty(
        &schedule("soon", "Europe/Bonn"),
        &[
            "`/trigger/cron`: is not a cron expression",
            "`/trigger/timeZone`: is no time zone",
        ],
    );
    let mut typo = schedule("0 0 9 * * MON-FRI", "UTC");
    typo["steps"] = json!([create("1", "{{trigger.output.schedule}}")]);
    faulty(&typo, &["there is no `schedule`"]);
}

#[test]
fn filters_of_work_items_refer_to_settings_and_user_alone() {
    let mut good = started_by(json!({
        "type": "workItemUpdated", "project": "{{settings.project}}", "workItemType": "Bug",
        "areaPath": "{{user.meta.area}}\\Website", "changedField": "System.State",
    }));
    let title = "{{trigger.output.resource.workItemId}} {{trigger.output.resource.fields[\"System.State\"].newValue}}";
    good["steps"] = json!([create("1", title)]);
    assert_eq!(said(&good), Vec::<String>::new());
    let read_once = read(&good).expect("a definition");
    let again = serde_json::to_value(&read_once).expect("json");
    assert_eq!(read(&again), Ok(read_once));
    let wrong = started_by(json!({
        "type": "workItemCreated", "project": " ", "workItemType": "{{secrets.KEY}}", "areaPath": "{{settings.are}}",
        "changedField": "{{trigger.output.x}}",
    }));
    faulty(
        &wrong,
        &[
            "`/trigger/project`: is empty",
            "`/trigger/changedField`: belongs to `workItemUpdated`",
            "`/trigger/workItemType`, character 1: a trigger can refer only to `settings` and `user`",
            "`/trigger/areaPath`, character 1: `{{settings.are}}`: there is no `are`; did you mean `area`?",
            "`/trigger/changedField`, character 1: a trigger can refer only to",
        ],
    );
    let unknown = started_by(json!({"type": "workItemDeleted", "projekt": "P"}));
    faulty(
        &unknown,
        &[
            "`/trigger/project`: is missing",
            "`/trigger/projekt`: is unknown; did you mean `project`?",
        ],
    );
    let mut typo = started_by(json!({"type": "workItemCreated", "project": "P"}));
    typo["steps"] = json!([{"id": "1", "do": {"type": "fanOut", "over": "{{trigger.output.resource.id}}", "steps": [search("2")]}}]);
    faulty(&typo, &["must be a list"]);
}

#[test]
fn the_schema_has_no_keyword_that_is_not_checked() {
    const SAID: &[&str] = &["$schema", "$defs", "description", "default", "title"];
    fn walk(schema: &Value, is_map: bool) {
        let Some(members) = schema.as_object() else {
            return;
        };
        for (name, inner) in members {
            let known = is_map || READ.contains(&name.as_str()) || SAID.contains(&name.as_str());
            // Widths of numbers, which the limits beside them say too.
            assert!(known, "`{name}` in {schema}");
            match name.as_str() {
                "default" => {}
                _ if is_map => walk(inner, false),
                "properties" | "$defs" => walk(inner, true),
                _ => match inner {
                    Value::Array(several) => several.iter().for_each(|one| walk(one, false)),
                    one => walk(one, false),
                },
            }
        }
    }
    walk(Workflow::schema(), false);
}

fn json_value() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        Just("{{1.output.workItems}}".to_owned()),
        Just("{{".to_owned()),
        Just("conditional".to_owned()),
        Just("action".to_owned()),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        texts.prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "id",
        "description",
        "trigger",
        "steps",
        "do",
        "type",
        "action",
        "parameters",
        "branches",
        "when",
        "any",
        "all",
        "left",
        "operator",
        "right",
        "over",
        "amount",
        "unit",
        "otherwise",
        "x",
    ]);
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone().prop_map(str::to_owned), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    /// What passes the form check can be made a definition, and the checks answer for every one.
    #[test]
    fn any_json_gets_an_answer(steps in json_value()) {
        for definition in [steps.clone(), workflow(steps)] {
            match read(&definition) {
                Ok(workflow) => drop(validate(&workflow, &Stand::default())),
                Err(problems) => {
                    prop_assert!(!problems.is_empty());
                    prop_assert!(problems.iter().all(|problem| problem.path.starts_with('/') || definition.as_object().is_none()), "{problems:?}");
                }
            }
        }
    }
}

#[test]
fn the_menu_offers_what_a_step_may_refer_to() {
    let workflow = read(&json!({
        "id": "w", "description": "W",
        "trigger": {"type": "appEvent", "event": "E", "sample": {"title": "A pump", "tags": ["wet"]}},
        "inputs": [{"id": "project", "title": "Project", "type": "text"}],
        "steps": [
            {"id": "find", "title": "Look", "do": {"type": "action", "action": "SEARCH"}},
            {"id": "each", "do": {"type": "fanOut", "over": "{{find.output.workItems}}", "steps": [
                {"id": "in", "do": {"type": "delay", "amount": 1, "unit": "SECONDS"}},
            ]}},
        ],
    }))
    .expect("a definition");
    let samples = BTreeMap::from([(
        "find".to_owned(),
        json!({"workItems": [{"id": 7, "title": "x".repeat(500), "extra field": null}]}),
    )]);
    let found = inspect(&workflow, &Stand::default(), &samples);
    let roots: Vec<_> = found
        .groups
        .iter()
        .map(|group| group.root.as_str())
        .collect();
    assert_eq!(
        roots,
        [
            "trigger.output",
            "find.output",
            "each.item",
            "in.output",
            "each.output",
            "settings",
            "user",
            "secrets"
        ]
    );
    assert_eq!(found.places["/steps/0"], ["trigger.output"]);
    assert_eq!(
        found.places["/steps/1/do/steps/0"],
        ["find.output", "trigger.output", "each.item"]
    );
    let variable = |reference: &str| {
        let all = found.groups.iter().flat_map(|group| &group.variables);
        let one = all.clone().find(|one| one.reference == reference);
        one.unwrap_or_else(|| {
            panic!(
                "{reference} in {:?}",
                all.map(|one| &one.reference).collect::<Vec<_>>()
            )
        })
    };
    assert_eq!(
        variable("trigger.output.tags[0]").sample.as_deref(),
        Some("wet")
    );
    let id = variable("find.output.workItems[0].id");
    assert_eq!(
        (id.types.join(""), id.sample.as_deref()),
        ("integer".into(), Some("7"))
    );
    let title = variable("each.item.title")
        .sample
        .as_deref()
        .unwrap_or_default();
    assert_eq!(title.chars().count(), 121);
    assert_eq!(
        variable("find.output.workItems[0][\"extra field\"]").types,
        [""; 0]
    );
    assert_eq!(variable("each.index").types, ["integer"]);
    assert_eq!(
        variable("settings.project").title.as_deref(),
        Some("Project")
    );
    assert_eq!(variable("settings.area").types, ["string"]);
    for one in found.groups.iter().flat_map(|group| &group.variables) {
        assert!(crate::Reference::parse(&one.reference).is_ok(), "{one:?}");
    }
}

/// How long it takes to look at a definition. What is quadratic takes a minute for what takes a moment otherwise.
fn time_to_check(definition: &Value) -> std::time::Duration {
    let began = std::time::Instant::now();
    let workflow = read(definition).expect("a definition");
    inspect(&workflow, &Stand::default(), &BTreeMap::new());
    began.elapsed()
}

const SOON: std::time::Duration = std::time::Duration::from_secs(5);

#[test]
fn checking_takes_time_in_proportion_to_the_length() {
    let many = |reference: &str| reference.repeat(100_000 / reference.len());
    for text in [
        many("{{settings.limit}}"),
        many("{{find.output.workItems}}"),
        many("{{nobody.output.x}}"),
        many("{{secrets.NONE}}"),
        many(r"\{{"),
        many("{{"),
        format!("{{{{{}.output}}}}", "n".repeat(90_000)),
    ] {
        let definition = workflow(json!([search("find"), create("new", &text)]));
        let took = time_to_check(&definition);
        assert!(took < SOON, "{took:?} for {text:.40}…");
    }
    let (own, other) = ("n".repeat(90_000), "m".repeat(90_000));
    let reference = format!("{{{{{other}.output}}}}");
    let took = time_to_check(&workflow(json!([search(&own), create("new", &reference)])));
    assert!(took < SOON, "{took:?} with long names");
    let inputs: Vec<Value> = (0..2_000)
        .map(|at| json!({"id": format!("input-{at}"), "title": "T", "type": "text"}))
        .collect();
    let mut definition = workflow(json!([create("new", &many("{{settings.input-1}}"))]));
    definition["inputs"] = json!(inputs);
    let took = time_to_check(&definition);
    assert!(took < SOON, "{took:?} with many settings");
    let steps: Vec<Value> = (0..180)
        .map(|at| {
            create(
                &format!("{}-{at}", "s".repeat(40)),
                &"{{settingz.output.x}} ".repeat(60),
            )
        })
        .collect();
    let took = time_to_check(&workflow(json!(steps)));
    assert!(took < SOON, "{took:?} with many faults");
}

#[test]
fn what_is_told_is_limited_in_number_and_length() {
    let text = "{{nobody.output}} ".repeat(400);
    let told = said(&workflow(json!([create("new", &text)])));
    assert_eq!(told.len(), 50);
    let text = format!("{{{{{}.output}}}}", "n".repeat(90_000));
    let told = said(&workflow(json!([create("new", &text)])));
    assert!(
        told.iter().all(|line| line.len() < 2_000),
        "{}",
        told[0].len()
    );
}

#[test]
fn what_is_too_large_is_named_and_not_looked_at() {
    let long = "n".repeat(257);
    let mut named = workflow(json!([search("find")]));
    named["steps"][0]["do"]["parameters"][&long] = json!([1]);
    faulty(&named, &["has a name of more than 256 characters"]);
    assert!(
        said(&named)[0].starts_with("`/steps/0/do/parameters/nnnn"),
        "{:?}",
        said(&named)
    );
    let text = "t".repeat(100_001);
    faulty(
        &workflow(json!([create("new", &text)])),
        &["/do/parameters/fields/System.Title`: has more than 100000 characters"],
    );
    let inner: Vec<Value> = (0..100).map(|at| search(&format!("i{at}"))).collect();
    let outer: Vec<Value> = (0..5)
        .map(|at| {
            json!({"id": format!("o{at}"), "do": {
                "type": "conditional", "branches": [{"when": {"any": [{"all": [{"left": [], "operator": "$arrayIsEmpty"}]}]}, "steps": inner}], "otherwise": [],
            }})
        })
        .collect();
    let told = said(&workflow(json!(outer)));
    assert!(
        told.iter()
            .any(|line| line.contains("at most 500 are allowed")),
        "{told:?}"
    );
}
