//! Refused credentials: renewed once, marked only when there is no doubt.

use std::sync::atomic::Ordering;

use super::stand::{Received, Reply, Stand, json, reply};

const NOT_PERMITTED: &str = "{\"message\":\"TF400813: The user is not authorized\"}";

fn has_first_token(received: &Received) -> bool {
    received.header("authorization") == Some("Bearer token-0")
}

/// Every way in which the service says "not signed in".
fn refusals() -> [fn() -> Reply; 5] {
    [
        || {
            reply(
                "401 Unauthorized",
                "www-authenticate: Basic realm=\"x\"\r\n",
                "",
            )
        },
        || {
            reply(
                "203 Non-Authoritative Information",
                "content-type: text/html\r\n",
                "<html>",
            )
        },
        || reply("200 OK", "content-type: text/html\r\n", "<html>"),
        || {
            reply(
                "302 Found",
                "location: https://spsprodeus1.vssps.visualstudio.com/_signin\r\n",
                "",
            )
        },
        || {
            reply(
                "401 Unauthorized",
                "content-type: application/json\r\n",
                "{\"count\":0,\"value\":[]}",
            )
        },
    ]
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_body_sent_again() {
    for refusal in refusals() {
        let stand = Stand::new(move |_, received| {
            if has_first_token(received) {
                refusal()
            } else {
                json("[]")
            }
        })
        .await;
        let request = stand
            .request("POST", "/P/_apis/wit/workitems/$Bug")
            .body("[{\"op\":\"add\"}]");
        assert_eq!(
            stand.code(request).await,
            (200, "{\"output\":[]}".to_owned())
        );
        let mut received = stand.received();
        received.retain(|one| !is_own_call(one));
        assert_eq!((received.len(), stand.renewals(), stand.marks()), (2, 1, 0));
        assert_eq!(received[0].body, received[1].body);
        assert_eq!(received[1].header("authorization"), Some("Bearer token-1"));
    }
}

#[tokio::test]
async fn a_credential_refused_twice_is_marked() {
    for refusal in refusals() {
        let stand = Stand::new(move |_, _| refusal()).await;
        assert_eq!(
            stand.code(stand.request("GET", "/projects")).await,
            (401, "credential_needs_reconnect".to_owned())
        );
        assert_eq!((stand.renewals(), stand.marks()), (1, 1));
        let asked = stand
            .received()
            .iter()
            .filter(|one| is_own_call(one))
            .count();
        assert!(
            asked >= 1,
            "a call of the gateway's own comes before a mark"
        );
    }
}

/// Whether it is the cheap call with which the gateway finds out how a credential stands.
fn is_own_call(received: &Received) -> bool {
    received.line().contains("/_apis/projects?$top=1&")
}

/// A provider that answers the gateway's own call with `standing`, and all others with `other`.
async fn with_standing(standing: fn() -> Reply, other: fn() -> Reply) -> Stand {
    Stand::new(move |_, received| {
        if is_own_call(received) {
            standing()
        } else {
            other()
        }
    })
    .await
}

fn works() -> Reply {
    json("{\"count\":0,\"value\":[]}")
}

fn page() -> Reply {
    reply("200 OK", "content-type: text/html\r\n", "<html>report")
}

fn refused() -> Reply {
    reply("401 Unauthorized", "", "")
}

fn busy() -> Reply {
    reply("503 Service Unavailable", "", "")
}

#[tokio::test]
async fn a_page_that_an_operation_answers_by_design_passes_and_marks_nothing() {
    for accept in ["text/html", "*/*", "application/json"] {
        let stand = with_standing(works, page).await;
        let request = stand.request("GET", "/build/builds/7/report");
        assert_eq!(
            stand.code(request.header("accept", accept)).await,
            (200, "<html>report".to_owned())
        );
        assert_eq!((stand.renewals(), stand.marks()), (0, 0));
    }
}

#[tokio::test]
async fn a_page_to_sign_in_is_a_refusal_even_where_a_page_was_asked_for() {
    let stand = with_standing(refused, page).await;
    let request = stand.request("GET", "/build/builds/7/report");
    assert_eq!(
        stand.code(request.header("accept", "text/html")).await,
        (401, "credential_needs_reconnect".to_owned())
    );
    assert_eq!((stand.renewals(), stand.marks()), (1, 1));
}

#[tokio::test]
async fn a_request_refused_with_a_credential_that_works_elsewhere_marks_nothing() {
    for refusal in refusals() {
        let stand = with_standing(works, refusal).await;
        let (status, answer) = stand.code(stand.request("GET", "/x")).await;
        assert!(
            (status, answer.as_str()) == (403, "provider_forbidden") || answer == "<html>",
            "{status} {answer}"
        );
        assert_eq!(stand.marks(), 0);
    }
}

#[tokio::test]
async fn a_credential_of_unknown_standing_is_not_marked() {
    for refusal in refusals() {
        let stand = with_standing(busy, refusal).await;
        assert_eq!(
            stand.code(stand.request("GET", "/x")).await,
            (503, "provider_unavailable".to_owned())
        );
        assert_eq!(stand.marks(), 0);
    }
    let stand = with_standing(busy, page).await;
    let request = stand.request("GET", "/build/builds/7/report");
    assert_eq!(
        stand
            .code(request.header("accept", "text/html, */*;q=0.1"))
            .await,
        (200, "<html>report".to_owned()),
        "what was asked for is passed on"
    );
}

#[tokio::test]
async fn not_permitted_after_renewing_marks_nothing() {
    let stand = Stand::new(|_, _| {
        reply(
            "401 Unauthorized",
            "content-type: application/json\r\n",
            NOT_PERMITTED,
        )
    })
    .await;
    assert_eq!(
        stand.code(stand.request("GET", "/projects")).await,
        (403, "provider_forbidden".to_owned())
    );
    assert_eq!(
        (stand.received().len(), stand.renewals(), stand.marks()),
        (2, 1, 0)
    );
}

#[tokio::test]
async fn not_permitted_may_mean_an_expired_token() {
    let stand = Stand::new(|_, received| {
        if has_first_token(received) {
            reply("401 Unauthorized", "", NOT_PERMITTED)
        } else {
            json("1")
        }
    })
    .await;
    assert_eq!(
        stand
            .code(stand.request("PATCH", "/wit/workitems/1").body("[]"))
            .await,
        (200, "{\"output\":1}".to_owned())
    );
    assert_eq!(stand.renewals(), 1);
}

#[tokio::test]
async fn a_credential_that_cannot_be_renewed_is_not_tried_twice() {
    for (body, expected, marks) in [
        ("", (401, "credential_needs_reconnect"), (2, 1)),
        (NOT_PERMITTED, (403, "provider_forbidden"), (1, 0)),
    ] {
        let stand = Stand::new(move |_, _| reply("401 Unauthorized", "", body)).await;
        stand.credential.is_fixed.store(true, Ordering::SeqCst);
        let (status, code) = stand.code(stand.request("GET", "/projects")).await;
        assert_eq!((status, code.as_str()), expected);
        assert_eq!((stand.received().len(), stand.marks()), marks);
    }
}

#[tokio::test]
async fn a_streamed_body_is_not_sent_twice() {
    let stand = Stand::new(|_, received| {
        if has_first_token(received) {
            reply("401 Unauthorized", "", "")
        } else {
            json("1")
        }
    })
    .await;
    let large = vec![b'x'; (256 << 10) + 1];
    assert_eq!(
        stand
            .code(stand.request("POST", "/x").body(large.clone()))
            .await,
        (503, "provider_unavailable".to_owned())
    );
    assert_eq!(
        (stand.received().len(), stand.renewals(), stand.marks()),
        (1, 1, 0)
    );
    assert_eq!(
        stand
            .code(stand.request("POST", "/x").body(large.clone()))
            .await
            .0,
        200
    );
    assert_eq!(stand.received()[1].body, large);
}

#[tokio::test]
async fn other_redirects_are_refused_and_not_followed() {
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let stand = Stand::new(move |_, received| {
            let host = received.header("host").unwrap_or_default();
            reply(
                status,
                &format!("location: http://{host}/dev.azure.com/contoso/_apis/secret\r\n"),
                "",
            )
        })
        .await;
        assert_eq!(
            stand.code(stand.request("GET", "/projects")).await,
            (502, "provider_redirect_refused".to_owned())
        );
        assert_eq!(
            (stand.received().len(), stand.renewals(), stand.marks()),
            (1, 0, 0)
        );
    }
}

#[tokio::test]
async fn a_page_that_is_a_download_is_no_refusal() {
    let stand = Stand::new(|_, _| {
        reply(
            "200 OK",
            "content-type: text/html\r\ncontent-disposition: attachment\r\n",
            "<html>",
        )
    })
    .await;
    assert_eq!(
        stand.code(stand.request("GET", "/_apis/git/items")).await,
        (200, "<html>".to_owned())
    );
}

#[tokio::test]
async fn a_failed_renewal_is_reported_as_what_it_is() {
    let stand = Stand::new(|_, _| reply("401 Unauthorized", "", "")).await;
    stand.credential.is_dead.store(true, Ordering::SeqCst);
    let expected = (503, "storage_unavailable".to_owned());
    assert_eq!(
        stand.code(stand.request("GET", "/projects")).await,
        expected
    );
    assert_eq!((stand.received().len(), stand.marks()), (1, 0));
}
