//! What the caller gets back.

use serde_json::{Value, json as value};

use super::stand::{PREFIX, Reply, Stand, json, must, reply};

async fn body_of(
    script: impl Fn() -> Reply + Send + Sync + 'static,
    is_raw: bool,
) -> (u16, String) {
    let stand = Stand::new(move |_, _| script()).await;
    let request = stand.request("GET", "/projects");
    stand
        .code(if is_raw {
            request.header("x-paragon-use-raw-response", "1")
        } else {
            request
        })
        .await
}

#[tokio::test]
async fn successful_json_is_wrapped_unless_raw() {
    let provider = || json("\u{feff}{\"count\":0}");
    assert_eq!(
        body_of(provider, false).await,
        (200, "{\"output\":{\"count\":0}}".to_owned())
    );
    assert_eq!(
        body_of(provider, true).await,
        (200, "\u{feff}{\"count\":0}".to_owned())
    );
}

#[tokio::test]
async fn everything_else_is_passed_as_it_is() {
    let cases = [
        (
            "404 Not Found",
            "content-type: application/json\r\n",
            "{\"message\":\"TF401232\"}",
        ),
        (
            "400 Bad Request",
            "content-type: application/json\r\n",
            "[1]",
        ),
        ("500 Oops", "content-type: text/plain\r\n", "oops"),
        ("403 Forbidden", "content-type: application/json\r\n", "{}"),
        ("200 OK", "content-type: text/plain\r\n", "{}"),
        ("200 OK", "", "{}"),
        ("200 OK", "content-type: application/problem+json\r\n", "{}"),
        ("200 OK", "content-type: application/json\r\n", ""),
        (
            "206 Partial Content",
            "content-type: application/json\r\n",
            "{\"a",
        ),
        (
            "200 OK",
            "content-type: application/json; charset=utf-16\r\n",
            "{}",
        ),
        (
            "200 OK",
            "content-type: application/json\r\ncontent-encoding: x-odd\r\n",
            "{}",
        ),
    ];
    for (status, headers, body) in cases {
        let code: u16 = status[..3].parse().unwrap_or_default();
        assert_eq!(
            body_of(move || reply(status, headers, body), false).await,
            (code, body.to_owned()),
            "{status} {headers}"
        );
    }
}

#[tokio::test]
async fn answers_without_body_stay_without() {
    let stand = Stand::new(|_, received| {
        if received.line().contains("/nothing") {
            Reply::Bytes(b"HTTP/1.1 204 No Content\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n".to_vec())
        } else if received.line().contains("/same") {
            Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\netag: \"1\"\r\ncontent-type: application/json\r\n\r\n".to_vec())
        } else {
            Reply::Bytes(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 44\r\ncontent-type: application/json\r\n\r\n".to_vec())
        }
    }).await;
    assert_eq!(
        stand.code(stand.request("GET", "/nothing")).await,
        (204, String::new())
    );
    assert_eq!(
        stand.code(stand.request("GET", "/same")).await,
        (304, String::new())
    );
    let head = must(stand.request("HEAD", "/x").send().await);
    assert_eq!(
        head.headers().get("content-length"),
        None,
        "the wrapped length is another one"
    );
    let head = must(
        stand
            .request("HEAD", "/x")
            .header("x-paragon-use-raw-response", "1")
            .send()
            .await,
    );
    assert_eq!(
        head.headers()
            .get("content-length")
            .map(|length| length.as_bytes().to_vec()),
        Some(b"44".to_vec())
    );
}

#[tokio::test]
async fn what_is_no_final_answer_is_not_passed_on() {
    for status in ["101 Switching Protocols", "999 Whatever", "600 Whatever"] {
        let headers = "connection: upgrade\r\nupgrade: websocket\r\n";
        let stand = Stand::new(move |_, _| reply(status, headers, "")).await;
        let answer = stand.get("/x").await;
        assert_eq!(answer.status().as_u16(), 502, "{status}");
        assert_eq!(answer.headers().get("upgrade"), None, "{status}");
    }
}

#[tokio::test]
async fn lengths_fit_the_body_that_is_sent() {
    let stand = Stand::new(|_, _| json("{\"a\":1}")).await;
    let wrapped = stand.get("/x").await;
    assert!(wrapped.headers().get("content-length").is_none());
    let raw = must(
        stand
            .request("GET", "/x")
            .header("x-paragon-use-raw-response", "1")
            .send()
            .await,
    );
    assert_eq!(raw.content_length(), Some(7));
}

#[tokio::test]
async fn the_providers_headers_do_not_act_on_the_gateways_origin() {
    let stand = Stand::new(|_, _| {
        reply("201 Created", "content-type: text/plain\r\nset-cookie: a=b\r\nwww-authenticate: Basic realm=x\r\naccess-control-allow-origin: *\r\nx-vss-userdata: u\r\n\
            x-ms-continuationtoken: 7\r\nlocation: http://elsewhere.example/\r\n", "")
    }).await;
    let answer = stand.get("/x").await;
    for name in [
        "set-cookie",
        "www-authenticate",
        "access-control-allow-origin",
        "x-vss-userdata",
        "location",
    ] {
        assert_eq!(answer.headers().get(name), None, "{name}");
    }
    assert_eq!(
        answer
            .headers()
            .get("x-ms-continuationtoken")
            .map(|token| token.as_bytes().to_vec()),
        Some(b"7".to_vec())
    );
}

#[tokio::test]
async fn locations_lead_back_through_the_gateway() {
    let stand = Stand::new(|_, received| {
        let host = received.header("host").unwrap_or_default();
        reply(
            "201 Created",
            &format!(
                "location: http://{host}/dev.azure.com/contoso/_apis/wit/workItems/7?a=%24\r\n"
            ),
            "",
        )
    })
    .await;
    let answer = stand.get("/x").await;
    let location = answer
        .headers()
        .get("location")
        .and_then(|value| value.to_str().ok());
    let expected =
        format!("https://gateway.example{PREFIX}/_hosts/dev/contoso/_apis/wit/workItems/7?a=%24");
    assert_eq!(location, Some(expected.as_str()));
}

#[tokio::test]
async fn resource_areas_never_name_another_origin() {
    let stand = Stand::new(|_, received| {
        let host = received.header("host").unwrap_or_default();
        let core = format!("http://{host}/dev.azure.com/contoso/");
        json(&value!({"count":2,"value":[{"id":"1","name":"core","locationUrl":core},{"id":"2","name":"token","locationUrl":"https://vstoken.dev.azure.com/contoso/"}]}).to_string())
    }).await;
    let at = |rest: &str| format!("https://gateway.example{PREFIX}/_hosts/{rest}/");
    let expected = value!([{"id":"1","name":"core","locationUrl":at("dev/contoso")},{"id":"2","name":"token","locationUrl":at("vstoken.dev.azure.com")}]);
    for path in [
        "/_apis/ResourceAreas",
        "/_apis/resource%41reas/",
        "/_hosts/dev/contoso/_apis/ResourceAreas",
    ] {
        let raw = must(
            stand
                .request("GET", path)
                .header("x-paragon-use-raw-response", "1")
                .send()
                .await,
        );
        let raw: Value = must(serde_json::from_slice(&must(raw.bytes().await)));
        let rows = raw["value"].as_array().cloned().unwrap_or_default();
        assert_eq!(Value::from(rows[..2].to_vec()), expected);
        let is_ours = |row: &Value| {
            row["locationUrl"]
                .as_str()
                .is_some_and(|url| url.starts_with(&at("")[..at("").len() - 1]))
        };
        assert!(rows.iter().all(is_ours), "{raw}");
        let wrapped: Value = must(serde_json::from_slice(&must(
            stand.get(path).await.bytes().await,
        )));
        assert_eq!(wrapped, value!({"output": raw}));
    }
}

#[tokio::test]
async fn resource_areas_that_cannot_be_rewritten_are_held_back() {
    let refused = (503, "provider_unavailable".to_owned());
    for (headers, body) in [
        (
            "content-type: application/json\r\n",
            "{\"locationUrl\":\"https://evil.example/\"",
        ),
        ("content-type: text/plain\r\n", "https://evil.example/"),
        (
            "content-type: application/json\r\ncontent-encoding: gzip\r\n",
            "{}",
        ),
    ] {
        let stand = Stand::new(move |_, _| reply("200 OK", headers, body)).await;
        assert_eq!(
            stand
                .code(stand.request("GET", "/_apis/ResourceAreas"))
                .await,
            refused,
            "{headers}{body}"
        );
    }
}
