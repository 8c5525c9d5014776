//! `/metrics`: on a listener of its own, with what an operator watches and nothing that is secret.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::program::Program;
use crate::support::{Answer, client};

/// Where metrics are served: the log says so.
async fn address(program: &Program) -> String {
    let said = async {
        loop {
            let log = program.log();
            if let Some(rest) = log.split("metrics.address=").nth(1) {
                return rest.split_whitespace().next().unwrap().to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    let said = tokio::time::timeout(Duration::from_mins(1), said).await;
    said.unwrap()
}

async fn get(url: String, token: &str) -> Answer {
    let request = client().get(url).bearer_auth(token);
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn an_operator_sees_requests_jobs_and_queues_and_nobody_sees_them_on_the_public_listener() {
    let program = Program::start("metrics_listen = \"127.0.0.1:0\"");
    let own = format!("http://{}/metrics", address(&program).await);
    let token = program.token("canary-user");
    let url = program.url();
    let me = get(format!("{url}/projects/app/sdk/me"), &token).await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
    let proxied = get(
        format!("{url}/projects/app/sdk/proxy/azuredevops/_apis/projects"),
        &token,
    );
    assert_eq!(proxied.await.code(), "integration_not_connected");
    let nowhere = get(format!("{url}/canary-path?canary-query"), &token).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let public = get(format!("{url}/metrics"), &token).await;
    assert_eq!(public.status, StatusCode::NOT_FOUND);

    let metrics = get(own.clone(), "").await;
    assert_eq!(metrics.status, StatusCode::OK);
    for line in [
        r#"paragon_http_requests_total{method="GET",route="/projects/{project}/sdk/me",status="200"} 1"#,
        r#"paragon_http_requests_total{method="GET",route="none",status="404"} 2"#,
        r#"paragon_http_request_duration_seconds_count{route="/projects/{project}/sdk/me"} 1"#,
        r#"paragon_proxy_calls_total{outcome="refused"} 1"#,
        r#"paragon_background_job_up{task="waiting work"} 1"#,
        r#"paragon_database_connections{state="idle"}"#,
        "paragon_database_up 1",
        "paragon_inbox_waiting 0",
        r#"paragon_runs_open{status="running"} 0"#,
        r#"paragon_hook_subscriptions{state="active"} 0"#,
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        let found = metrics.text.lines().any(|one| one.starts_with(line));
        assert!(found, "`{line}` is not in\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("canary"), "{}", metrics.text);
    assert!(!metrics.text.contains(&token));
    let log = program.stop();
    assert!(log.contains("metrics are served"), "{log}");
}

/// A dashboard for a metric that does not exist would be empty for ever.
#[test]
fn the_dashboard_and_the_alerts_name_metrics_that_exist() {
    let code = [
        include_str!("../../../src/metrics/mod.rs"),
        include_str!("../../../src/metrics/state.rs"),
    ]
    .concat();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations");
    for (file, least) in [("grafana-dashboard.json", 12), ("alerts.yaml", 6)] {
        let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
        let names: std::collections::BTreeSet<_> = text
            .split(|char: char| !(char.is_ascii_lowercase() || char == '_'))
            .filter(|word| word.starts_with("paragon_"))
            .map(|name| name.trim_end_matches("_bucket"))
            .collect();
        assert!(names.len() >= least, "{file}: {names:?}");
        for name in names {
            assert!(code.contains(&format!("\"{name}\"")), "{file}: `{name}`");
        }
    }
}

#[tokio::test]
async fn a_wrong_address_is_an_error_at_start() {
    let folder = tempfile::tempdir().unwrap();
    super::write_config(folder.path(), "metrics_listen = \"9464\"");
    let (good, _, said) = super::run(folder.path(), &["serve"], &[]);
    assert!(
        !good && said.contains("`metrics_listen` is `9464`"),
        "{said}"
    );
}
