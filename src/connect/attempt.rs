//! One attempt to connect an account: runs the flow's actions against browser and server.
//!
//! An attempt is a JavaScript object, which the instance holds while it runs:
//!
//! | property | |
//! |---|---|
//! | `sdk`, `wish` | the instance; what the caller wants: `{integration, name, options, installOptions, retry}` |
//! | `isGateway` | whether it runs as a flow of the gateway ([`gateway`]) or as the cloud's ([`cloud`]) |
//! | `promise`, `resolve`, `reject` | settle with the attempt |
//! | `id`, `version` | the present flow, another one after each reopening, and its highest version reported; the cloud's session key |
//! | `status`, `popupClosed`, `blocked`, `isSettled` | the flow's state: see [`Flow`] |
//! | `popup` | the window, once it is open |
//! | `over` | `AbortController` of the listeners and of what waits; aborted when the attempt is over |
//! | `ticks`, `limit`, `channel` | the watch over the popup, the app's time limit, the gateway pages' broadcasts |
//! | `reason` | abort reason given by the app |
//! | `ticket`, `following` | see [`gateway`] |
//! | `authorizationUrl`, `isNonceLoaded`, `isExchanging`, `isPolling`, `closedTicks`, `told` | see [`cloud`] |

use paragon_wire::flow::FlowStatus;

use super::flow::{Action, Ending, Event, Flow, name_of};
use super::{cloud, gateway, installed, popup, redirect};
use crate::error::{cancelled, flow_failed, named};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, TRUE, Text, Thrown, UNDEFINED, Value, from_bool, from_number, function,
    new_deferred, new_object, promise, random_id, t, text, throw_again,
};
use crate::{api, options};

/// How often the popup is looked at.
const WATCH_MS: f64 = 500.0;

/// Opens the popup now, in the caller's own task, and starts the flow; the promise settles with it.
pub(crate) fn start(sdk: Sdk, wish: Value) -> Outcome {
    let options = wish.get(t!("options"));
    let limit = options::duration(options, t!("oauthTimeout"))?;
    let signal = options.get(t!("signal"));
    let is_gateway = sdk.is_gateway();
    let id = random_id()?;
    let id = if is_gateway {
        id
    } else {
        cloud::session_key(id)
    };
    let attempt = new_deferred()
        .set(t!("sdk"), sdk.0)
        .set(t!("wish"), wish)
        .set(t!("isGateway"), from_bool(is_gateway))
        .set(t!("id"), id)
        .set(t!("version"), from_number(0.0))
        .set(t!("status"), text(name_of(FlowStatus::Pending)))
        .set(t!("over"), UNDEFINED.construct(t!("AbortController"))?);
    if signal.get(t!("aborted")).is_true() {
        attempt
            .set(t!("reason"), signal.get(t!("reason")))
            .set(t!("isSettled"), TRUE);
        settle(attempt, Ending::Cancelled, UNDEFINED);
        return Ok(attempt);
    }
    let is_open = open_popup(attempt)?;
    listen(
        attempt,
        GLOBAL.get(t!("window")),
        t!("message"),
        Step::PopupSaid,
    );
    listen(attempt, signal, t!("abort"), Step::CancelAsked);
    if is_gateway {
        // Made only where it is used: an open channel keeps a process alive.
        let channel = text(t!("paragon-flow"))
            .construct(t!("BroadcastChannel"))
            .unwrap_or_else(Thrown::swallow);
        attempt.set(t!("channel"), channel);
        listen(attempt, channel, t!("message"), Step::FlowAnnounced);
    }
    attempt.set(
        t!("ticks"),
        GLOBAL.tell(
            t!("setInterval"),
            function(Step::PopupWatched, attempt),
            from_number(WATCH_MS),
        ),
    );
    if !limit.is_undefined() {
        attempt.set(
            t!("limit"),
            GLOBAL.tell(
                t!("setTimeout"),
                function(Step::TimeLimitPassed, attempt),
                limit,
            ),
        );
    }
    dispatch(attempt, Event::Opened(is_open), UNDEFINED);
    Ok(attempt)
}

/// Opens the popup for the present flow id; gives whether the browser let it.
fn open_popup(attempt: Value) -> Outcome<bool> {
    let url = if is_gateway(attempt) {
        gateway::start_url(attempt)?
    } else {
        cloud::nonce_url(attempt)?
    };
    let popup = popup::open(url)?;
    attempt.add(t!("popup"), popup);
    Ok(!popup.is_undefined())
}

/// Runs `step` for each `event` of `target`, if there is one, until the attempt is over.
#[inline(never)]
fn listen(attempt: Value, target: Value, event: Text, step: Step) {
    let until = new_object().set(t!("signal"), over(attempt));
    let listening = target.invoke(
        t!("addEventListener"),
        text(event),
        function(step, attempt),
        until,
    );
    listening.unwrap_or_else(Thrown::swallow);
}

/// The instance.
pub(crate) fn sdk_of(attempt: Value) -> Sdk {
    Sdk(attempt.get(t!("sdk")))
}

/// Whether the gateway's flows are used, not the cloud's.
pub(crate) fn is_gateway(attempt: Value) -> bool {
    attempt.get(t!("isGateway")).is_true()
}

/// Signal that aborts when the attempt is over.
pub(crate) fn over(attempt: Value) -> Value {
    attempt.get(t!("over")).get(t!("signal"))
}

/// Whether the attempt has settled.
pub(crate) fn is_over(attempt: Value) -> bool {
    over(attempt).get(t!("aborted")).is_true()
}

/// Whether the browser refused to open the last window.
pub(crate) fn is_blocked(attempt: Value) -> bool {
    attempt.get(t!("blocked")).is_true()
}

/// Where the flow stands, for the app and the portal.
pub(crate) fn status(attempt: Value) -> Value {
    let status = new_object().set(t!("status"), attempt.get(t!("status")));
    status
        .set(t!("popupClosed"), attempt.get(t!("popupClosed")))
        .set(t!("blocked"), attempt.get(t!("blocked")))
}

/// Cancels, remembering the app's reason.
pub(crate) fn abort(attempt: Value, reason: Value) {
    attempt.set(t!("reason"), reason);
    dispatch(attempt, Event::Cancel, UNDEFINED);
}

/// The page goes away: settles as cancelled, and leaves server and popup alone.
pub(crate) fn leave(attempt: Value) {
    dispatch(attempt, Event::Leave, UNDEFINED);
}

/// Opens the popup again, with a new flow. Must run in the task of a click.
pub(crate) fn reopen(attempt: Value) -> Outcome {
    if is_over(attempt) {
        return Ok(UNDEFINED);
    }
    let (old, flow) = (attempt.get(t!("popup")), attempt.get(t!("id")));
    let next = random_id()?;
    let is_open = open_popup(attempt)?;
    if is_open {
        old.tell(t!("close"), UNDEFINED, UNDEFINED);
    }
    if !is_gateway(attempt) {
        // The cloud's session key stays good: only the window is new.
        cloud::window_is_new(attempt);
        dispatch(attempt, Event::LooksClosed(!is_open), UNDEFINED);
        return Ok(UNDEFINED);
    }
    if is_open {
        attempt
            .set(t!("id"), next)
            .set(t!("version"), from_number(0.0));
    }
    dispatch(attempt, Event::Reopened(is_open), flow);
    Ok(UNDEFINED)
}

/// The app's `reopen`.
pub(crate) fn reopen_asked(attempt: Value, _: Value) -> Outcome {
    Ok(reopen(attempt).unwrap_or_else(Thrown::swallow))
}

/// The app's `cancel`, and its signal's abort, which has a reason.
pub(crate) fn cancel_asked(attempt: Value, event: Value) -> Outcome {
    abort(attempt, event.get(t!("target")).get(t!("reason")));
    Ok(UNDEFINED)
}

/// The app's time limit has passed.
pub(crate) fn time_limit_passed(attempt: Value, _: Value) -> Outcome {
    dispatch(attempt, Event::TimeLimit, UNDEFINED);
    Ok(UNDEFINED)
}

/// Every half second: does the popup look closed? Decides nothing: an opener policy makes an open window look so.
pub(crate) fn popup_watched(attempt: Value, _: Value) -> Outcome {
    let is_closed = attempt.get(t!("popup")).get(t!("closed")).is_true();
    dispatch(attempt, Event::LooksClosed(is_closed), UNDEFINED);
    if !is_gateway(attempt) && !is_over(attempt) {
        cloud::tick(attempt, is_closed);
    }
    Ok(UNDEFINED)
}

/// A window message while the flow runs.
pub(crate) fn heard(attempt: Value, message: Value) -> Outcome {
    let popup = attempt.get(t!("popup"));
    let is_from_popup = popup.is_object() && message.get(t!("source")).same(popup);
    let heard = if is_gateway(attempt) {
        gateway::heard
    } else {
        cloud::heard
    };
    heard(attempt, message, is_from_popup)
}

/// A state that the server reported. What is of another flow, not newer than what is known or no state counts nothing.
#[inline(never)]
pub(crate) fn updated(attempt: Value, update: Value) {
    let (version, said) = (update.get(t!("version")), update.get(t!("status")));
    let is_newer = version.to_number() > attempt.get(t!("version")).to_number();
    let status = FlowStatus::ALL.iter().find(|one| said.is(name_of(**one)));
    if let (Some(&status), true, true) = (
        status,
        is_newer,
        update.get(t!("id")).same(attempt.get(t!("id"))),
    ) {
        attempt.set(t!("version"), version);
        let has_credential = update.get(t!("credentialId")).non_empty().is_some();
        dispatch(
            attempt,
            Event::Update {
                status,
                has_credential,
            },
            update,
        );
    }
}

/// The server refused the flow.
#[inline(never)]
pub(crate) fn refused(attempt: Value, error: Value) -> Outcome {
    let said = error.get(t!("body")).get(t!("message")).non_empty();
    let error = new_object()
        .set(
            t!("code"),
            error
                .get(t!("code"))
                .non_empty()
                .unwrap_or_else(|| text(t!("network"))),
        )
        .set(
            t!("message"),
            said.unwrap_or_else(|| error.get(t!("message"))),
        );
    dispatch(
        attempt,
        Event::Refused,
        new_object().set(t!("error"), error),
    );
    Ok(UNDEFINED)
}

/// Feeds `event` to the flow and does what it asks for. `about` is the report or refusal that an ending is made of;
/// after a reopening the flow to withdraw.
#[inline(never)]
pub(crate) fn dispatch(attempt: Value, event: Event, about: Value) {
    let mut flow = Flow {
        status: None,
        looks_closed: attempt.get(t!("popupClosed")).is_true(),
        is_blocked: is_blocked(attempt),
        is_settled: attempt.get(t!("isSettled")).is_true(),
    };
    let actions = flow.handle(event);
    if let Some(status) = flow.status {
        attempt.set(t!("status"), text(name_of(status)));
    }
    attempt.set(t!("popupClosed"), from_bool(flow.looks_closed));
    attempt
        .set(t!("blocked"), from_bool(flow.is_blocked))
        .set(t!("isSettled"), from_bool(flow.is_settled));
    for action in actions {
        perform(attempt, *action, about);
    }
}

fn perform(attempt: Value, action: Action, about: Value) {
    let is_gateway = is_gateway(attempt);
    match action {
        Action::Register if is_gateway => gateway::register(attempt),
        Action::Register => cloud::build(attempt),
        Action::Go => gateway::say_go(attempt),
        // The app may have ended the flow when it was told.
        Action::Ask if is_gateway && !is_over(attempt) => gateway::ask(attempt),
        Action::Ask => {}
        Action::Report => report(attempt),
        Action::ClosePopup => {
            attempt
                .get(t!("popup"))
                .tell(t!("close"), UNDEFINED, UNDEFINED);
        }
        Action::Withdraw if is_gateway => {
            gateway::withdraw(attempt, about.or(attempt.get(t!("id"))));
        }
        Action::Withdraw => cloud::forget_session_key(attempt),
        Action::Settle(ending) => settle(attempt, ending, about),
    }
}

fn report(attempt: Value) {
    super::flow_changed(sdk_of(attempt), attempt);
    let on_status = attempt
        .get(t!("wish"))
        .get(t!("options"))
        .get(t!("onStatus"));
    if on_status.is_function() {
        let status = status(attempt).set(t!("reopen"), function(Step::ReopenAsked, attempt));
        on_status.notify(
            status.set(t!("cancel"), function(Step::CancelAsked, attempt)),
            UNDEFINED,
        );
    }
}

/// Ends everything that the attempt has under way, then its promise.
fn settle(attempt: Value, ending: Ending, about: Value) {
    attempt
        .get(t!("over"))
        .tell(t!("abort"), UNDEFINED, UNDEFINED);
    gateway::unfollow(attempt);
    GLOBAL.tell(t!("clearInterval"), attempt.get(t!("ticks")), UNDEFINED);
    GLOBAL.tell(t!("clearTimeout"), attempt.get(t!("limit")), UNDEFINED);
    attempt
        .get(t!("channel"))
        .tell(t!("close"), UNDEFINED, UNDEFINED);
    let (sdk, wish) = (sdk_of(attempt), attempt.get(t!("wish")));
    super::attempt_ended(sdk, attempt);
    let outcome = match ending {
        Ending::Connected => match about.get(t!("created")).record() {
            Some(credential) => Ok(installed::installed(sdk, wish.get(t!("name")), credential)),
            None => installed::connected(sdk, wish.get(t!("name")), about.get(t!("credentialId"))),
        },
        Ending::Failed => Err(failure(about)),
        Ending::Cancelled => Err(cancelled(attempt.get(t!("reason")))),
        Ending::TimedOut => Err(named(t!("OAuthTimeoutError"))),
        Ending::Blocked => Err(redirect::popup_blocked(attempt, wish.get(t!("retry")))),
    };
    attempt.tell(t!("resolve"), promise(outcome), UNDEFINED);
}

/// The error of a report that says `failed`, or that names no credential; of a refused credential the server's own.
fn failure(about: Value) -> Thrown {
    if let Some(thrown) = about.get(t!("thrown")).some() {
        return throw_again(thrown);
    }
    let error = about.get(t!("error"));
    let is_connected = about.get(t!("status")).is(name_of(FlowStatus::Connected));
    let default = if is_connected {
        t!("the server named no credential")
    } else {
        t!("the connection failed")
    };
    flow_failed(
        error.get(t!("code")).or(text(t!("internal"))),
        error.get(t!("message")).or(text(default)),
    )
}

/// The promise of an API call's answer; it rejects also where the call cannot be sent.
#[inline(never)]
pub(crate) fn send(attempt: Value, method: Text, path: Value, body: Value) -> Value {
    let sdk = sdk_of(attempt);
    let call = api::project_call(sdk, method, path, body);
    promise(call.and_then(|call| api::send(sdk, api::fresh(call))))
}
