//! The gateway's connect flow: register, follow by event stream or long poll, answer the popup's start page.
//!
//! `following` of an attempt is the following of one flow: `{attempt, over, wait, polls, before}`: an `AbortController`
//! of its requests, the wait before the next try, whether it polls, and the version before the present try. Another
//! flow has another, and an answer for one that is no longer the attempt's is dropped.

use paragon_wire::flow::{DONE_MESSAGE, GO_MESSAGE, HELLO_MESSAGE, START_PATH};

use super::attempt::{dispatch, refused, sdk_of, send, updated};
use super::flow::Event;
use crate::host;
use crate::services::{API, CONNECT};
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, Text, Thrown, UNDEFINED, Value, fill, from_bool, from_number, function, list,
    new_object, promise, random_id, t, text,
};

/// A long poll answers within 25 s.
const POLL_MS: f64 = 40_000.0;
/// First and longest wait before the next try after a failure.
const RETRY_MS: (f64, f64) = (500.0, 8_000.0);

/// The popup's first page, with a new one-time ticket where no server log sees it.
pub(crate) fn start_url(attempt: Value) -> Outcome {
    let ticket = random_id()?;
    attempt.set(t!("ticket"), ticket);
    Ok(fill!(
        t!("{}{}#{}"),
        sdk_of(attempt).url(CONNECT),
        text(t!(START_PATH)),
        ticket
    ))
}

fn flow_path(attempt: Value) -> Value {
    fill!(t!("/sdk/flows/{}"), attempt.get(t!("id")))
}

/// Registers the present flow, then follows it.
pub(crate) fn register(attempt: Value) {
    unfollow(attempt);
    let following = new_object()
        .set(t!("attempt"), attempt)
        .set(
            t!("over"),
            UNDEFINED
                .construct(t!("AbortController"))
                .unwrap_or_else(Thrown::swallow),
        )
        .set(t!("wait"), from_number(RETRY_MS.0));
    attempt.set(t!("following"), following);
    let registered = send(
        attempt,
        t!("POST"),
        text(t!("/sdk/flows")),
        described(attempt),
    );
    registered.then_or(Step::FlowRegistered, Step::FlowRefused, following);
}

/// The present flow, as the server is told of it.
pub(crate) fn described(attempt: Value) -> Value {
    let wish = attempt.get(t!("wish"));
    let options = wish.get(t!("options"));
    let account_type = options.get(t!("accountType"));
    // One account type, alone or in a list.
    let account_type = account_type
        .non_empty()
        .or_else(|| account_type.list().at(0).non_empty());
    new_object()
        .set(t!("id"), attempt.get(t!("id")))
        .set(t!("ticket"), attempt.get(t!("ticket")))
        .set(t!("integration"), wish.get(t!("name")))
        .add(t!("accountType"), account_type.unwrap_or(UNDEFINED))
        .add(
            t!("externalId"),
            options
                .get(t!("externalId"))
                .non_empty()
                .unwrap_or(UNDEFINED),
        )
        .add(
            t!("credentialId"),
            options
                .get(t!("selectedCredentialId"))
                .non_empty()
                .unwrap_or(UNDEFINED),
        )
}

/// Ends the requests about the present flow.
pub(crate) fn unfollow(attempt: Value) {
    attempt
        .get(t!("following"))
        .get(t!("over"))
        .tell(t!("abort"), UNDEFINED, UNDEFINED);
    attempt.set(t!("following"), UNDEFINED);
}

/// The attempt, if it is not over and has no other flow by now.
fn followed(following: Value) -> Option<Value> {
    let attempt = following.get(t!("attempt"));
    attempt
        .get(t!("following"))
        .same(following)
        .then_some(attempt)
}

/// The server knows the flow.
pub(crate) fn registered(following: Value, update: Value) -> Outcome {
    if let Some(attempt) = followed(following) {
        updated(attempt, update);
    }
    follow(following, UNDEFINED)
}

/// The server does not want the flow.
pub(crate) fn flow_refused(following: Value, error: Value) -> Outcome {
    followed(following).map_or(Ok(UNDEFINED), |attempt| refused(attempt, error))
}

/// Follows the flow until the attempt is over; only a refusal of the server ends it early.
pub(crate) fn follow(following: Value, _: Value) -> Outcome {
    if let Some(attempt) = followed(following) {
        following.set(t!("before"), attempt.get(t!("version")));
        let signal = following.get(t!("over")).get(t!("signal"));
        let news = if following.get(t!("polls")).is_true() {
            poll(attempt, signal)
        } else {
            stream(attempt, signal)
        };
        promise(news).then_or(Step::FollowingEnded, Step::FollowingFailed, following);
    }
    Ok(UNDEFINED)
}

/// Reads the event stream from the last version seen; gives whether it is of any use.
fn stream(attempt: Value, signal: Value) -> Outcome {
    let sdk = sdk_of(attempt);
    let auth = sdk.auth()?;
    let url = fill!(t!("{}{}"), sdk.url(API), auth.path(flow_path(attempt)));
    let heard = function(Step::FlowReported, attempt);
    let job = new_object()
        .set(t!("after"), attempt.get(t!("version")))
        .set(t!("signal"), signal)
        .set(t!("heard"), heard);
    sdk.get(t!("wire"))
        .invoke(t!("follow"), url, auth.token(), job)
}

/// One long poll; gives nothing if it takes too long.
fn poll(attempt: Value, signal: Value) -> Outcome {
    let path = fill!(
        t!("{}?after={}&wait=25"),
        flow_path(attempt),
        attempt.get(t!("version"))
    );
    let limit = sdk_of(attempt).get(t!("wire")).invoke(
        t!("pause"),
        from_number(POLL_MS),
        signal,
        UNDEFINED,
    )?;
    let both = list![send(attempt, t!("GET"), path, UNDEFINED), limit];
    GLOBAL
        .get(t!("Promise"))
        .invoke(t!("race"), both, UNDEFINED, UNDEFINED)
}

/// A stream ended, or a poll was answered.
pub(crate) fn following_ended(following: Value, news: Value) -> Outcome {
    let Some(attempt) = followed(following) else {
        return Ok(UNDEFINED);
    };
    if news.is_object() {
        updated(attempt, news);
    }
    try_again(following, attempt, !news.is_true())
}

/// A stream or a poll failed.
pub(crate) fn following_failed(following: Value, error: Value) -> Outcome {
    let Some(attempt) = followed(following) else {
        return Ok(UNDEFINED);
    };
    if is_refusal(error) {
        return refused(attempt, error);
    }
    try_again(following, attempt, true)
}

/// Goes on, after a wait if nothing came; `otherwise`: by poll instead of stream, or the reverse.
fn try_again(following: Value, attempt: Value, otherwise: bool) -> Outcome {
    let polls = following.get(t!("polls")).is_true();
    following.set(t!("polls"), from_bool(polls != otherwise));
    let wait = following.get(t!("wait"));
    let is_idle = attempt.get(t!("version")).same(following.get(t!("before")));
    let next = if is_idle {
        (wait.to_number() * 2.0).min(RETRY_MS.1)
    } else {
        RETRY_MS.0
    };
    following.set(t!("wait"), from_number(next));
    if !is_idle {
        return follow(following, UNDEFINED);
    }
    let waited = sdk_of(attempt).get(t!("wire")).tell(
        t!("pause"),
        wait,
        following.get(t!("over")).get(t!("signal")),
    );
    // An aborted wait is of a flow that is followed no more.
    waited.then_or(Step::FollowingWaited, Step::FollowingWaited, following);
    Ok(UNDEFINED)
}

/// Whether the server said no for good: 4xx other than "slow down"; or nobody is signed in.
fn is_refusal(error: Value) -> bool {
    match error.get(t!("status")).to_int() {
        408 | 429 => false,
        400..500 => true,
        _ => error.get(t!("code")).is(t!("user_not_authenticated")),
    }
}

/// Asks for the present state, beside the following.
pub(crate) fn ask(attempt: Value) {
    // A failure here is not the flow's: following it goes on and reports what is final.
    let answer = send(attempt, t!("GET"), flow_path(attempt), UNDEFINED);
    answer.then_or(Step::FlowReported, Step::Done, attempt);
}

/// A report on a flow: an answer, or the JSON text of an event.
pub(crate) fn reported(attempt: Value, update: Value) -> Outcome {
    updated(attempt, update.record().unwrap_or_else(|| update.parse()));
    Ok(UNDEFINED)
}

/// Tells the server that `flow` is not wanted any more; the outcome does not matter.
pub(crate) fn withdraw(attempt: Value, flow: Value) {
    let answer = send(
        attempt,
        t!("DELETE"),
        fill!(t!("/sdk/flows/{}"), flow),
        UNDEFINED,
    );
    answer.then_or(Step::Done, Step::Done, UNDEFINED);
}

/// A window message while the flow runs.
///
/// SECURITY: it counts only from the popup this attempt opened, from the gateway's origin, for the present flow.
pub(crate) fn heard(attempt: Value, message: Value, is_from_popup: bool) -> Outcome {
    let is_from_gateway =
        || origin(attempt).is_some_and(|origin| message.get(t!("origin")).same(origin));
    if is_from_popup && is_from_gateway() {
        said(attempt, message, t!(HELLO_MESSAGE), Event::Hello);
        said(attempt, message, t!(DONE_MESSAGE), Event::Done);
    }
    Ok(UNDEFINED)
}

/// A broadcast of a gateway page of this origin: asks the server, no more.
pub(crate) fn announced(attempt: Value, message: Value) -> Outcome {
    said(attempt, message, t!(DONE_MESSAGE), Event::Done);
    Ok(UNDEFINED)
}

/// Feeds `event` to the flow if the message is of this kind and about the present flow.
fn said(attempt: Value, message: Value, kind: Text, event: Event) {
    let data = message.get(t!("data"));
    if data.get(t!("type")).is(kind) && data.get(t!("flow")).same(attempt.get(t!("id"))) {
        dispatch(attempt, event, UNDEFINED);
    }
}

fn origin(attempt: Value) -> Option<Value> {
    host::origin_of(sdk_of(attempt).url(CONNECT))
}

/// Lets the popup's start page go on to the provider.
pub(crate) fn say_go(attempt: Value) {
    let message = new_object()
        .set(t!("type"), text(t!(GO_MESSAGE)))
        .set(t!("flow"), attempt.get(t!("id")));
    if let Some(origin) = origin(attempt) {
        attempt
            .get(t!("popup"))
            .tell(t!("postMessage"), message, origin);
    }
}
