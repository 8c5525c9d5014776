//! The flow's promises, by example and by random sequences of events.

use proptest::prelude::*;

use super::*;

fn update(status: FlowStatus) -> Event {
    Event::Update {
        status,
        has_credential: status == FlowStatus::Connected,
    }
}

fn endings(actions: &[Action]) -> Vec<Ending> {
    let ending = |action: &Action| {
        if let Action::Settle(ending) = action {
            Some(*ending)
        } else {
            None
        }
    };
    actions.iter().filter_map(ending).collect()
}

fn opened() -> Flow {
    let mut flow = Flow::new();
    assert_eq!(
        flow.handle(Event::Opened(true)),
        [Action::Register, Action::Report]
    );
    flow
}

#[test]
fn a_blocked_popup_settles_without_a_request() {
    let mut flow = Flow::new();
    assert_eq!(
        flow.handle(Event::Opened(false)),
        [Action::Report, Action::Settle(Ending::Blocked)]
    );
    assert!(flow.is_blocked);
}

#[test]
fn the_server_says_connected() {
    let actions = opened().handle(update(FlowStatus::Connected));
    assert_eq!(endings(actions), [Ending::Connected]);
    assert!(actions.contains(&Action::ClosePopup));
}

#[test]
fn a_failure_leaves_the_popup_open_to_be_read() {
    let actions = opened().handle(update(FlowStatus::Failed));
    assert_eq!(endings(actions), [Ending::Failed]);
    assert!(!actions.contains(&Action::ClosePopup));
}

#[test]
fn connected_without_a_credential_is_a_failure() {
    let bare = Event::Update {
        status: FlowStatus::Connected,
        has_credential: false,
    };
    assert_eq!(endings(opened().handle(bare)), [Ending::Failed]);
}

#[test]
fn a_refusal_closes_the_popup() {
    let actions = opened().handle(Event::Refused);
    assert_eq!(
        actions,
        [
            Action::ClosePopup,
            Action::Report,
            Action::Settle(Ending::Failed)
        ]
    );
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
    assert!(!flow.is_settled);
}

#[test]
fn a_done_message_only_asks_the_server() {
    assert_eq!(opened().handle(Event::Done), [Action::Ask]);
}

#[test]
fn cancelling_tells_the_server_and_settles_at_once() {
    let mut flow = opened();
    let expected = [
        Action::Withdraw,
        Action::ClosePopup,
        Action::Report,
        Action::Settle(Ending::Cancelled),
    ];
    assert_eq!(flow.handle(Event::Cancel), expected);
    assert_eq!(flow.status, FlowStatus::Cancelled);
    assert_eq!(flow.handle(update(FlowStatus::Connected)), []);
}

#[test]
fn a_page_that_goes_away_leaves_popup_and_server_alone() {
    let mut flow = opened();
    assert_eq!(
        flow.handle(Event::Leave),
        [Action::Report, Action::Settle(Ending::Cancelled)]
    );
    assert!(flow.is_settled);
}

#[test]
fn reopening_starts_again_and_withdraws_the_old_flow() {
    let mut flow = opened();
    flow.handle(update(FlowStatus::Provider));
    flow.handle(Event::LooksClosed(true));
    assert_eq!(
        flow.handle(Event::Reopened(true)),
        [Action::Withdraw, Action::Register, Action::Report]
    );
    assert_eq!(
        (flow.status, flow.looks_closed),
        (FlowStatus::Pending, false)
    );
    assert_eq!(flow.handle(update(FlowStatus::Opened)), [Action::Report]);
}

#[test]
fn a_blocked_reopening_keeps_the_flow() {
    let mut flow = opened();
    flow.handle(update(FlowStatus::Provider));
    assert_eq!(flow.handle(Event::Reopened(false)), [Action::Report]);
    assert!(flow.is_blocked);
    assert_eq!(flow.status, FlowStatus::Provider);
}

fn any_event() -> impl Strategy<Value = Event> {
    let status = proptest::sample::select(FlowStatus::ALL.to_vec());
    prop_oneof![
        any::<bool>().prop_map(Event::Opened),
        (status, any::<bool>()).prop_map(|(status, has_credential)| Event::Update {
            status,
            has_credential
        }),
        Just(Event::Refused),
        Just(Event::Hello),
        Just(Event::Done),
        any::<bool>().prop_map(Event::LooksClosed),
        Just(Event::Cancel),
        Just(Event::Leave),
        Just(Event::TimeLimit),
        any::<bool>().prop_map(Event::Reopened),
    ]
}

/// Whether `event` may end a flow in this way.
fn may_end(event: Event, ending: Ending) -> bool {
    match (event, ending) {
        (Event::Opened(false), Ending::Blocked)
        | (Event::Refused, Ending::Failed)
        | (Event::Cancel | Event::Leave, Ending::Cancelled)
        | (Event::TimeLimit, Ending::TimedOut) => true,
        (Event::Update { has_credential, .. }, Ending::Connected) => has_credential,
        (Event::Update { status, .. }, _) => status.is_final(),
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_flow_settles_at_most_once_and_only_for_a_reason(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut flow = Flow::new();
        let mut settled = 0;
        for event in events {
            let before = flow;
            let actions = flow.handle(event);
            prop_assert!(!before.is_settled || (actions.is_empty() && flow == before));
            for ending in endings(actions) {
                settled += 1;
                prop_assert!(may_end(event, ending), "{:?} gave {:?}", event, ending);
            }
            prop_assert_eq!(flow.is_settled, settled == 1);
        }
        prop_assert!(settled <= 1);
    }

    #[test]
    fn a_popup_is_told_to_go_only_when_it_asks(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut flow = Flow::new();
        for event in events {
            if flow.handle(event).contains(&Action::Go) {
                prop_assert_eq!(event, Event::Hello);
            }
        }
    }

    #[test]
    fn the_end_comes_last_and_is_reported(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut flow = Flow::new();
        for event in events {
            let actions = flow.handle(event);
            if flow.is_settled {
                prop_assert!(actions.is_empty() || matches!(actions, [.., Action::Report, Action::Settle(_)]));
            }
        }
    }
}
