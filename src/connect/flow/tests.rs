//! The flow's promises, by example and by random sequences of events.

use paragon_wire::flow::FlowError;
use proptest::prelude::*;

use super::*;

fn update(id: &str, version: u32, status: FlowStatus) -> FlowUpdate {
    let credential_id = (status == FlowStatus::Connected).then(|| "c1".to_owned());
    let error = (status == FlowStatus::Failed).then(|| FlowError {
        code: "access_denied".to_owned(),
        message: "no".to_owned(),
    });
    FlowUpdate {
        id: id.to_owned(),
        version,
        status,
        credential_id,
        error,
    }
}

fn endings(actions: &[Action]) -> Vec<Ending> {
    let ending = |action: &Action| {
        if let Action::Settle(ending) = action {
            Some(ending.clone())
        } else {
            None
        }
    };
    actions.iter().filter_map(ending).collect()
}

fn opened() -> Flow {
    let mut flow = Flow::new("f".to_owned());
    assert_eq!(
        flow.handle(Event::Opened(true)),
        [Action::Register, Action::Report]
    );
    flow
}

#[test]
fn a_blocked_popup_settles_without_a_request() {
    let mut flow = Flow::new("f".to_owned());
    assert_eq!(
        flow.handle(Event::Opened(false)),
        [Action::Report, Action::Settle(Ending::Blocked)]
    );
    assert!(flow.is_blocked());
}

#[test]
fn the_server_says_connected() {
    let mut flow = opened();
    let actions = flow.handle(Event::Update(update("f", 4, FlowStatus::Connected)));
    assert_eq!(
        endings(&actions),
        [Ending::Connected {
            credential_id: "c1".to_owned()
        }]
    );
    assert!(actions.contains(&Action::ClosePopup));
}

#[test]
fn a_failure_leaves_the_popup_open_to_be_read() {
    let mut flow = opened();
    let actions = flow.handle(Event::Update(update("f", 4, FlowStatus::Failed)));
    assert_eq!(endings(&actions).len(), 1);
    assert!(!actions.contains(&Action::ClosePopup));
}

#[test]
fn a_closed_window_only_asks_the_server() {
    let mut flow = opened();
    assert_eq!(
        flow.handle(Event::LooksClosed(true)),
        [Action::Report, Action::Ask]
    );
    assert_eq!(flow.handle(Event::LooksClosed(true)), []);
    assert_eq!(flow.handle(Event::LooksClosed(false)), [Action::Report]);
    assert!(!flow.is_settled());
}

#[test]
fn a_done_message_only_asks_the_server() {
    let mut flow = opened();
    assert_eq!(
        flow.handle(Event::Done {
            flow: "f".to_owned()
        }),
        [Action::Ask]
    );
}

#[test]
fn messages_of_another_flow_do_nothing() {
    let mut flow = opened();
    let before = flow.clone();
    for event in [
        Event::Hello {
            flow: "g".to_owned(),
        },
        Event::Done {
            flow: "g".to_owned(),
        },
        Event::Update(update("g", 9, FlowStatus::Connected)),
        Event::Refused {
            flow: "g".to_owned(),
            code: "x".to_owned(),
            message: "x".to_owned(),
        },
    ] {
        assert_eq!(flow.handle(event), []);
    }
    assert_eq!(flow, before);
}

#[test]
fn old_versions_do_nothing() {
    let mut flow = opened();
    flow.handle(Event::Update(update("f", 3, FlowStatus::Provider)));
    assert_eq!(
        flow.handle(Event::Update(update("f", 3, FlowStatus::Cancelled))),
        []
    );
    assert_eq!(
        flow.handle(Event::Update(update("f", 2, FlowStatus::Opened))),
        []
    );
    assert_eq!(flow.status(), FlowStatus::Provider);
}

#[test]
fn a_page_that_goes_away_leaves_popup_and_record_alone() {
    let mut flow = opened();
    assert_eq!(
        flow.handle(Event::Left),
        [Action::Report, Action::Settle(Ending::Cancelled)]
    );
}

#[test]
fn cancelling_tells_the_server_and_settles_at_once() {
    let mut flow = opened();
    let expected = [
        Action::Withdraw("f".to_owned()),
        Action::ClosePopup,
        Action::Report,
        Action::Settle(Ending::Cancelled),
    ];
    assert_eq!(flow.handle(Event::Cancel), expected);
    assert_eq!(
        flow.handle(Event::Update(update("f", 9, FlowStatus::Connected))),
        []
    );
}

#[test]
fn reopening_takes_a_new_flow_and_forgets_the_old() {
    let mut flow = opened();
    flow.handle(Event::Update(update("f", 5, FlowStatus::Provider)));
    let actions = flow.handle(Event::Reopened {
        flow: "g".to_owned(),
        opened: true,
    });
    assert_eq!(
        actions,
        [
            Action::Withdraw("f".to_owned()),
            Action::Register,
            Action::Report
        ]
    );
    assert_eq!(
        flow.handle(Event::Update(update("f", 6, FlowStatus::Cancelled))),
        []
    );
    assert_eq!(
        flow.handle(Event::Update(update("g", 1, FlowStatus::Opened))),
        [Action::Report]
    );
}

#[test]
fn a_blocked_reopening_keeps_the_flow() {
    let mut flow = opened();
    assert_eq!(
        flow.handle(Event::Reopened {
            flow: "g".to_owned(),
            opened: false
        }),
        [Action::Report]
    );
    assert!(flow.is_blocked() && flow.id() == "f");
}

#[test]
fn connected_without_a_credential_is_a_failure() {
    let mut flow = opened();
    let bare = FlowUpdate {
        credential_id: None,
        ..update("f", 1, FlowStatus::Connected)
    };
    assert!(matches!(
        &endings(&flow.handle(Event::Update(bare)))[..],
        [Ending::Failed { .. }]
    ));
}

fn any_event() -> impl Strategy<Value = Event> {
    let id = prop_oneof!["f", "g", "h"];
    let status = proptest::sample::select(FlowStatus::ALL.to_vec());
    prop_oneof![
        any::<bool>().prop_map(Event::Opened),
        (id.clone(), 0_u32..6, status)
            .prop_map(|(id, version, status)| Event::Update(update(&id, version, status))),
        id.clone().prop_map(|flow| Event::Refused {
            flow,
            code: "x".to_owned(),
            message: "x".to_owned()
        }),
        id.clone().prop_map(|flow| Event::Hello { flow }),
        id.clone().prop_map(|flow| Event::Done { flow }),
        any::<bool>().prop_map(Event::LooksClosed),
        Just(Event::Cancel),
        Just(Event::TimeLimit),
        Just(Event::Left),
        (id, any::<bool>()).prop_map(|(flow, opened)| Event::Reopened { flow, opened }),
    ]
}

/// Whether `event` may end a flow in this way.
fn may_end(event: &Event, ending: &Ending) -> bool {
    match (event, ending) {
        (Event::Opened(false), Ending::Blocked)
        | (Event::Refused { .. }, Ending::Failed { .. })
        | (Event::Cancel | Event::Left, Ending::Cancelled)
        | (Event::TimeLimit, Ending::TimedOut) => true,
        (Event::Update(update), _) => update.status.is_final(),
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_flow_settles_at_most_once_and_only_for_a_reason(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut flow = Flow::new("f".to_owned());
        let mut settled = 0;
        for event in events {
            let (was_settled, id) = (flow.is_settled(), flow.id().to_owned());
            let actions = flow.handle(event.clone());
            prop_assert!(!was_settled || actions.is_empty());
            for ending in endings(&actions) {
                settled += 1;
                prop_assert!(may_end(&event, &ending), "{:?} gave {:?}", event, ending);
                if let Event::Update(update) = &event {
                    prop_assert_eq!(&update.id, &id);
                }
            }
            prop_assert_eq!(flow.is_settled(), settled == 1);
        }
        prop_assert!(settled <= 1);
    }

    #[test]
    fn a_popup_is_never_told_to_go_for_another_flow(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut flow = Flow::new("f".to_owned());
        for event in events {
            let id = flow.id().to_owned();
            if flow.handle(event.clone()).contains(&Action::Go) {
                prop_assert_eq!(event, Event::Hello { flow: id });
            }
        }
    }
}
