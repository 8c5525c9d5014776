#![allow(clippy::needless_pass_by_value, reason = "tests")]

use std::collections::VecDeque;
use std::sync::Mutex;

use futures_util::future::join_all;
use serde_json::Map;
use uuid::Uuid;

use super::*;

/// Answers calls from a list and writes down what was asked.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Value, StepError>>>,
    said: Mutex<Vec<String>>,
    calls: Mutex<Vec<StepCall>>,
}

impl Script {
    fn say(&self, line: String) {
        self.said.lock().expect("a lock").push(line);
    }
}

impl Host for Script {
    fn step(&self, call: StepCall) -> BoxFuture<'static, Result<Value, StepError>> {
        let answer = match &call.task {
            Task::Note => Ok(Value::Null),
            _ => self
                .answers
                .lock()
                .expect("a lock")
                .pop_front()
                .unwrap_or(Ok(Value::Null)),
        };
        self.say(format!("{}#{}", call.path, call.attempt));
        self.calls.lock().expect("a lock").push(call);
        Box::pin(async { answer })
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.say(format!("sleep {}", time.as_secs()));
        Box::pin(async {})
    }

    fn reconnected(&self) -> BoxFuture<'static, ()> {
        self.say("reconnected".to_owned());
        Box::pin(async {})
    }

    fn together<'a>(&self, lanes: Vec<BoxFuture<'a, Lane>>) -> BoxFuture<'a, Vec<Lane>> {
        self.say(format!("{} lanes", lanes.len()));
        Box::pin(join_all(lanes))
    }
}

struct Outcome {
    ending: Ending,
    said: Vec<String>,
    calls: Vec<StepCall>,
}

async fn run(steps: Value, answers: Vec<Result<Value, StepError>>) -> Outcome {
    let definition = json!({"id": "w", "description": "W", "trigger": {"type": "appEvent", "event": "E"}, "steps": steps});
    let input = RunInput {
        run: Uuid::from_u128(1),
        definition: serde_json::from_value(definition).expect("a definition"),
        trigger: json!({"list": [10, 20, 30], "name": "N"}),
        settings: Map::from_iter([("minutes".to_owned(), json!(2))]),
        user: "ada".into(),
        meta: json!({}),
    };
    let script = Script {
        answers: Mutex::new(answers.into()),
        ..Script::default()
    };
    let ending = interpret(&script, input).await;
    Outcome {
        ending,
        said: script.said.into_inner().expect("a lock"),
        calls: script.calls.into_inner().expect("a lock"),
    }
}

fn action(id: &str, parameters: Value) -> Value {
    json!({"id": id, "do": {"type": "action", "action": "A", "parameters": parameters}})
}

fn values(call: &StepCall) -> &[Value] {
    match &call.task {
        Task::Action { values, .. }
        | Task::IntegrationRequest { values, .. }
        | Task::Request { values, .. }
        | Task::Response { values, .. } => values,
        Task::Note => &[],
    }
}

#[tokio::test]
async fn each_step_sees_what_came_before() {
    let steps = json!([
        action("1", json!({"a": "{{trigger.output.name}} {{secrets.KEY}}"})),
        action("2", json!({"b": ["{{1.output.id}}", "{{user.id}}"]})),
    ]);
    let outcome = run(steps, vec![Ok(json!({"id": 7}))]).await;
    assert_eq!(outcome.said, ["1#1", "2#1"]);
    assert_eq!(
        values(&outcome.calls[0]),
        [json!("N"), Value::Null],
        "no secret is looked up here"
    );
    assert_eq!(values(&outcome.calls[1]), [json!(7), json!("ada")]);
    assert!(outcome.ending.failure.is_none());
}

#[tokio::test]
async fn a_missing_value_ends_the_run_before_anything_is_sent() {
    let steps = json!([
        action("1", json!({"x": {"y": "{{trigger.output.nam}}"}})),
        action("2", json!({}))
    ]);
    let outcome = run(steps, vec![]).await;
    assert!(outcome.said.is_empty());
    let (path, error) = outcome.ending.failure.expect("a failure");
    assert_eq!(
        (path.as_str(), error.code.as_str()),
        ("1", "reference_unresolved")
    );
    assert_eq!(
        error.message,
        "`/do/parameters/x/y`: `{{trigger.output.nam}}`: there is no `nam`; did you mean `name`?"
    );
    assert_eq!(outcome.ending.notes[0].path, "1", "history knows the step");
}

#[tokio::test]
async fn failures_are_tried_again_put_off_waited_for_or_passed_over() {
    let failing = |remedy| Err(StepError::new("x", "no").with_remedy(remedy));
    let steps = json!([
        action("1", json!({})),
        {"id": "2", "retry": false, "continueOnError": true, "do": {"type": "action", "action": "A"}},
        action("3", json!({"e": "{{2.output.error.code}}"})),
        action("4", json!({})),
    ]);
    let answers = vec![
        failing(Remedy::Retry {
            after_ms: Some(90_000),
        }),
        failing(Remedy::Reconnect),
        failing(Remedy::Throttled {
            after_ms: Some(30_000),
        }),
        Ok(json!(1)),
        failing(Remedy::Retry { after_ms: None }),
        Ok(json!(3)),
        failing(Remedy::None),
    ];
    let outcome = run(steps, answers).await;
    assert_eq!(
        outcome.said,
        [
            "1#1",
            "sleep 90",
            "1#2",
            "reconnected",
            "1#3",
            "sleep 30",
            "1#4",
            "2#1",
            "3#1",
            "4#1"
        ]
    );
    assert_eq!(values(&outcome.calls[5]), [json!("x")]);
    assert_eq!(outcome.ending.failure.expect("a failure").0, "4");
}

#[tokio::test]
async fn the_first_way_that_holds_is_gone_alone() {
    let when = |operator: &str, right: Value| json!({"any": [{"all": [{"left": "{{1.output}}", "operator": operator, "right": right}]}]});
    let steps = json!([
        action("1", json!({})),
        {"id": "if", "do": {"type": "conditional", "branches": [
            {"when": when("$numberGreaterThan", json!(5)), "steps": [action("more", json!({}))]},
            {"when": when("$numberEquals", json!("{{1.output}}")), "steps": [action("same", json!({}))]},
        ], "otherwise": [action("other", json!({}))]}},
        action("2", json!({"way": "{{if.output.branch}}"})),
    ]);
    let outcome = run(steps.clone(), vec![Ok(json!(3))]).await;
    assert_eq!(outcome.said, ["1#1", "same#1", "2#1"]);
    assert_eq!(values(&outcome.calls[2]), [json!(1)]);
    let note = &outcome.calls[1].notes[0];
    assert_eq!(
        (note.path.as_str(), &note.input),
        ("if", &json!({"compared": [3, 5, 3, 3]}))
    );
    let outcome = run(steps, vec![Ok(json!({"not": "a number"}))]).await;
    assert_eq!(outcome.said, ["1#1", "other#1", "2#1"]);
    assert_eq!(values(&outcome.calls[2]), [Value::Null]);
}

#[tokio::test]
async fn every_entry_of_a_list_is_gone_through_and_its_output_collected() {
    let steps = json!([
        {"id": "each", "do": {"type": "fanOut", "over": "{{trigger.output.list}}", "atOnce": 2, "steps": [
            action("one", json!({"v": "{{each.item}} {{each.index}}"})),
        ]}},
        action("2", json!({"all": "{{each.output}}"})),
    ]);
    let answers = vec![Ok(json!("a")), Ok(json!("c")), Ok(json!("b"))];
    let outcome = run(steps, answers).await;
    assert_eq!(
        outcome.said,
        [
            "2 lanes",
            "each[0]/one#1",
            "each[2]/one#1",
            "each[1]/one#1",
            "2#1"
        ]
    );
    assert_eq!(values(&outcome.calls[1]), [json!(30), json!(2)]);
    assert_eq!(values(&outcome.calls[3]), [json!(["a", "b", "c"])]);
}

#[tokio::test]
async fn a_failing_entry_ends_the_run_after_the_others_are_over() {
    let steps = json!([{"id": "each", "do": {"type": "fanOut", "over": "{{trigger.output.list}}", "steps": [
        action("one", json!({"v": "{{each.item}}"})),
    ]}}]);
    let answers = vec![Ok(json!(1)), Err(StepError::new("x", "no")), Ok(json!(3))];
    let outcome = run(steps, answers).await;
    assert_eq!(outcome.calls.len(), 3);
    assert_eq!(outcome.ending.failure.expect("a failure").0, "each[1]/one");
    let note = &outcome.ending.notes[0];
    let code = note.error.as_ref().map(|error| error.code.as_str());
    assert_eq!((note.path.as_str(), code), ("each", Some("x")));
}

#[tokio::test]
async fn a_failure_that_is_passed_over_is_told_all_the_same() {
    let steps = json!([
        {"id": "1", "continueOnError": true, "do": {"type": "action", "action": "A", "parameters": {"x": "{{trigger.output.nam}}"}}},
        action("2", json!({})),
    ]);
    let outcome = run(steps, vec![]).await;
    assert_eq!(outcome.said, ["2#1"]);
    let note = &outcome.calls[0].notes[0];
    let code = note.error.as_ref().map(|error| error.code.as_str());
    assert_eq!(
        (note.path.as_str(), note.is_done, code),
        ("1", true, Some("reference_unresolved"))
    );
}

#[tokio::test]
async fn what_a_database_that_was_away_did_not_take_is_sent_again() {
    let steps = json!([
        {"id": "if", "do": {"type": "conditional", "branches": [{"when": {"any": [{"all": [
            {"left": 1, "operator": "$numberEquals", "right": 1},
        ]}]}}]}},
        {"id": "1", "retry": false, "do": {"type": "action", "action": "A"}},
    ]);
    let away = StepError::new(StepError::STORAGE, "away")
        .with_remedy(Remedy::Throttled { after_ms: None });
    let busy = StepError::new("x", "busy").with_remedy(Remedy::Throttled { after_ms: None });
    let outcome = run(steps, vec![Err(away), Err(busy)]).await;
    let notes: Vec<_> = outcome.calls.iter().map(|call| call.notes.len()).collect();
    assert_eq!(notes, [1, 1, 0], "{:?}", outcome.said);
    assert!(outcome.ending.failure.is_none());
}

#[tokio::test]
async fn a_delay_is_written_down_before_it_begins() {
    let delay = |amount: Value| json!([{"id": "wait", "do": {"type": "delay", "amount": amount, "unit": "MINUTES"}}]);
    let outcome = run(delay(json!("{{settings.minutes}}")), vec![]).await;
    assert_eq!(outcome.said, ["wait#1", "sleep 120"]);
    assert!(!outcome.calls[0].notes[0].is_done && outcome.ending.notes[0].is_done);
    for wrong in [
        json!("{{trigger.output.name}}"),
        json!("{{trigger.output.list}}"),
    ] {
        let outcome = run(delay(wrong), vec![]).await;
        assert_eq!(
            outcome.ending.failure.expect("a failure").1.code,
            "invalid_delay"
        );
    }
}
