//! What anybody sends cannot write lines of its own into the log, command a terminal, or fill the disk.

use crate::support::program::Program;
use crate::support::{Answer, ORIGIN, client};
use serde_json::{Value, json};

const HOSTILE: &str = "x%0AFORGED%0D%1B%5B31m%E2%80%AEtxt";

/// Refuses a flow of the attacker's own as the provider would, with this `error`.
async fn refuse(program: &Program, error: &str) {
    let (id, ticket) = (
        paragon_gateway::random::token(),
        paragon_gateway::random::token(),
    );
    let http = reqwest::Client::builder()
        .cookie_store(true)
        .no_proxy()
        .build()
        .unwrap();
    let body = json!({ "id": id, "ticket": ticket, "integration": "azuredevops" });
    let request = http
        .post(format!("{}/projects/app/sdk/flows", program.url()))
        .bearer_auth(program.token("mallory"))
        .header("origin", ORIGIN)
        .body(body.to_string());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    let request = http
        .post(format!("{}/connect/ticket", program.url()))
        .header("origin", "http://localhost:4400")
        .body(json!({ "ticket": ticket }).to_string());
    let answer = Answer::of(request.send().await.unwrap()).await;
    let url = answer.json["authorizationUrl"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", answer.text))
        .to_owned();
    let url = url::Url::parse(&url).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    let callback = format!(
        "{}/oauth?error={error}&error_description={error}&state={}",
        program.url(),
        state.1
    );
    http.get(callback).send().await.unwrap();
}

#[tokio::test]
async fn text_from_outside_stays_in_the_line_that_it_belongs_to() {
    for format in ["text", "json"] {
        let program = Program::start(&format!("log_format = \"{format}\""));
        let url = program.url();
        refuse(&program, HOSTILE).await;
        refuse(&program, &"A".repeat(20_000)).await;
        for path in [
            format!("/projects/{HOSTILE}/sdk/me"),
            format!("/projects/app/sdk/{HOSTILE}"),
            format!("/projects/app/sdk/{}", "B".repeat(20_000)),
        ] {
            client().get(format!("{url}{path}")).send().await.unwrap();
        }
        let log = program.stop();
        assert!(log.contains("the sign-in page sent an error"), "{log}");
        assert!(log.contains("FORGED"), "it is there, escaped: {log}");
        for line in log.lines() {
            assert!(line.len() < 8_000, "{} bytes: {line:.200}", line.len());
            let starts = match format {
                "json" => serde_json::from_str::<Value>(line).is_ok(),
                _ => line.starts_with("20"),
            };
            assert!(starts, "a line that was not logged: {line}");
            assert!(
                line.chars()
                    .all(|character| matches!(character, ' '..='~' | '…')),
                "{line}"
            );
        }
    }
}
