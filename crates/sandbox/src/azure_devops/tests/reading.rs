//! Projects, queries and batches.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{refused, start, title};
use crate::azure_devops::work_items::attachments::FILE_ID;
use crate::test_support::Answer;

#[tokio::test]
async fn projects_come_in_pages() {
    let (sandbox, ada) = start().await;
    let first = sandbox
        .ado(
            &ada,
            "GET",
            "/contoso-demo/_apis/projects?$top=2&api-version=7.1",
            Value::Null,
        )
        .await;
    let token = first.header("x-ms-continuationtoken").to_owned();
    let second = sandbox
        .ado(
            &ada,
            "GET",
            &format!("/contoso-demo/_apis/projects?%24top=2&continuationToken={token}"),
            Value::Null,
        )
        .await;
    assert_eq!(
        (
            first.json()["count"].clone(),
            second.json()["count"].clone()
        ),
        (json!(2), json!(1))
    );
    assert_eq!(second.header("x-ms-continuationtoken"), "");
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects/none",
                Value::Null,
            )
            .await,
        404,
        "ProjectDoesNotExistWithNameException",
        "TF200016",
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn queries_filter_sort_and_follow_links() {
    let (sandbox, ada) = start().await;
    let run = |query: String| {
        let (sandbox, ada) = (&sandbox, &ada);
        async move {
            sandbox
                .ado(
                    ada,
                    "POST",
                    "/contoso-demo/Fabrikam/_apis/wit/wiql?api-version=7.1",
                    json!({"query": query}),
                )
                .await
        }
    };
    let ids = |answer: &Answer| -> Vec<i64> {
        answer.json()["workItems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_i64().unwrap())
            .collect()
    };
    let items = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND ";
    for (condition, expected) in [
        ("[System.Id] IN (1, 3)", vec![1, 3]),
        ("[System.Id] < 3 ORDER BY [System.Id] DESC", vec![2, 1]),
        (
            "[System.Tags] CONTAINS 'q4' AND [System.Title] CONTAINS WORDS 'key'",
            vec![6],
        ),
        (
            "[System.Parent] = 2 AND NOT [System.Title] CONTAINS 'price'",
            vec![3, 6],
        ),
        (
            "[System.AreaPath] UNDER 'Fabrikam\\Website' AND [System.Id] <= 3",
            vec![2, 3],
        ),
        (
            "[System.State] EVER 'Resolved' AND [System.WorkItemType] = 'Feature'",
            vec![12],
        ),
        ("[System.CreatedDate] > @today - 1", vec![]),
        ("[System.AssignedTo] = '' AND [System.Id] < 7", vec![3, 6]),
    ] {
        let answer = run(format!("{items}{condition}")).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{condition}: {}",
            answer.text
        );
        assert_eq!(ids(&answer), expected, "{condition}");
    }
    let tree = run("SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.Id] = 1 AND [System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward' MODE (MustContain)".into()).await.json();
    assert_eq!(tree["queryType"], "oneHop");
    assert_eq!(tree["workItemRelations"].as_array().unwrap().len(), 3);
    refused(
        &run(format!("{items}[Nope] = 1")).await,
        400,
        "WorkItemTrackingQueryException",
        "TF51005",
    );
    refused(
        &run("SELECT TOP 5 [System.Id] FROM WorkItems".into()).await,
        400,
        "WorkItemTrackingQueryException",
        "TF51006",
    );
    refused(
        &run(format!(
            "{items}[System.CreatedDate] > '2026-01-01T10:00:00Z'"
        ))
        .await,
        400,
        "WorkItemTrackingQueryException",
        "TF51006",
    );
    let everywhere = sandbox
        .ado(
            &ada,
            "POST",
            "/contoso-demo/_apis/wit/wiql?api-version=7.1",
            json!({"query": format!("{items}[System.Id] = 1")}),
        )
        .await;
    refused(
        &everywhere,
        400,
        "WorkItemTrackingQueryException",
        "@project",
    );
}

#[tokio::test]
async fn batches_have_their_rules() {
    let (sandbox, ada) = start().await;
    let batch = |body: Value| {
        let (sandbox, ada) = (&sandbox, &ada);
        async move {
            sandbox
                .ado(
                    ada,
                    "POST",
                    "/contoso-demo/_apis/wit/workitemsbatch?api-version=7.1",
                    body,
                )
                .await
        }
    };
    refused(
        &batch(json!({"ids": (1..=201).collect::<Vec<i64>>()})).await,
        400,
        "WorkItemPageSizeExceededException",
        "200",
    );
    refused(
        &batch(json!({"ids": [1], "fields": ["System.Id"], "$expand": 4})).await,
        400,
        "VssPropertyValidationException",
        "expand",
    );
    refused(
        &batch(json!({"ids": [1, 9999]})).await,
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    refused(
        &batch(json!({"ids": [1], "fields": ["No.Field"]})).await,
        400,
        "WorkItemTrackingFieldDefinitionNotFoundException",
        "TF51535",
    );
    let omitted = batch(json!({"ids": [9999, 2], "errorPolicy": "omit", "$expand": "relations"}))
        .await
        .json();
    assert_eq!(omitted["value"][0], Value::Null);
    assert_eq!(
        omitted["value"][1]["relations"][0]["rel"],
        "System.LinkTypes.Hierarchy-Reverse"
    );
    assert!(omitted["value"][1]["_links"].is_null());
}

#[tokio::test]
async fn several_requests_go_in_one() {
    let (sandbox, ada) = start().await;
    let part = |uri: &str, body: Value| json!({"method": "PATCH", "uri": uri, "headers": {"Content-Type": "application/json-patch+json"}, "body": body});
    let parts = json!([
        part("/_apis/wit/workitems/1?api-version=7.1", title("Changed")),
        part("/_apis/wit/workitems/9999?api-version=7.1", title("x"))
    ]);
    let headers = [
        ("authorization", ada.as_str()),
        ("content-type", "application/json"),
    ];
    let answer = sandbox
        .send(
            "POST",
            "/dev.azure.com/contoso-demo/_apis/wit/$batch?api-version=7.1",
            &headers,
            &parts.to_string(),
        )
        .await
        .json();
    assert_eq!(
        (&answer["value"][0]["code"], &answer["value"][1]["code"]),
        (&json!(200), &json!(404))
    );
    let first: Value = serde_json::from_str(answer["value"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(first["fields"]["System.Title"], "Changed");
}

#[tokio::test]
async fn the_attachment_has_the_size_that_was_asked_for() {
    let (sandbox, ada) = start().await;
    let path = |size: u64| format!("/contoso-demo/_apis/wit/attachments/{FILE_ID}?size={size}");
    let answer = sandbox.ado(&ada, "GET", &path(200_000), Value::Null).await;
    assert_eq!(
        (answer.text.len(), answer.header("content-length")),
        (200_000, "200000")
    );
    assert_eq!(
        sandbox
            .ado(&ada, "GET", &path(64 * 1024 * 1024 + 1), Value::Null)
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn files_are_uploaded_and_come_back() {
    let (sandbox, ada) = start().await;
    let path = "/contoso-demo/Fabrikam/_apis/wit/attachments?fileName=photo.png&api-version=7.1";
    let text = "a \u{0} file \u{1f680}\r\n";
    let upload = async |path: &str, kind: &str| {
        let headers = [("authorization", ada.as_str()), ("content-type", kind)];
        let path = format!("/dev.azure.com{path}");
        sandbox.send("POST", &path, &headers, text).await
    };
    let answer = upload(path, "application/octet-stream").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let id = answer.json()["id"].as_str().unwrap_or_default().to_owned();
    assert!(
        answer.json()["url"]
            .as_str()
            .is_some_and(|url| url.ends_with(&format!("{id}?fileName=photo.png")))
    );
    let file = format!("/contoso-demo/_apis/wit/attachments/{id}?api-version=7.1");
    let file = sandbox.ado(&ada, "GET", &file, Value::Null).await;
    assert_eq!(file.text, text);
    assert!(file.header("content-disposition").contains("photo%2Epng"));
    let wrong = upload(path, "image/png").await;
    assert_eq!(
        wrong.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "{}",
        wrong.text
    );
    let chunked = upload(
        &format!("{path}&uploadType=chunked"),
        "application/octet-stream",
    )
    .await;
    assert!(chunked.text.contains("not simulated"), "{}", chunked.text);
}

#[tokio::test]
async fn groups_of_nodes_have_numbers() {
    let (sandbox, ada) = start().await;
    for (number, name) in [("0", "area"), ("1", "iteration")] {
        let path =
            format!("/contoso-demo/Fabrikam/_apis/wit/classificationnodes/{number}?$depth=1");
        let answer = sandbox.ado(&ada, "GET", &path, Value::Null).await;
        assert_eq!(answer.json()["structureType"], name, "{}", answer.text);
    }
    let path = "/contoso-demo/Fabrikam/_apis/wit/classificationnodes/2";
    let answer = sandbox.ado(&ada, "GET", path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
}

#[tokio::test]
async fn queries_know_times_iterations_and_other_fields() {
    let (sandbox, ada) = start().await;
    let query = |path: &'static str, condition: &str| {
        let query = format!("SELECT [System.Id] FROM WorkItems WHERE {condition}");
        let (sandbox, ada) = (&sandbox, ada.clone());
        async move {
            sandbox
                .ado(&ada, "POST", path, json!({"query": query}))
                .await
        }
    };
    let count = |answer: &Answer| answer.json()["workItems"].as_array().map(Vec::len);
    let path = "/contoso-demo/Fabrikam/_apis/wit/wiql?api-version=7.1";
    let team = "/contoso-demo/Fabrikam/Platform/_apis/wit/wiql?api-version=7.1";
    let by_name = query(path, "[System.IterationPath] = 'Fabrikam\\Sprint 2'").await;
    let here = query(team, "[System.IterationPath] = @CurrentIteration").await;
    let named = query(
        path,
        "[System.IterationPath] = @CurrentIteration('[Fabrikam]\\Platform <id:1>')",
    )
    .await;
    assert!(
        count(&by_name).is_some_and(|count| count > 0),
        "{}",
        by_name.text
    );
    assert_eq!(
        (count(&here), count(&named)),
        (count(&by_name), count(&by_name)),
        "{}",
        named.text
    );
    let last = query(team, "[System.IterationPath] = @CurrentIteration - 1").await;
    let by_name = query(path, "[System.IterationPath] = 'Fabrikam\\Sprint 1'").await;
    assert_eq!(count(&last), count(&by_name), "{}", last.text);
    let all = query(path, "[System.Id] > 0").await;
    let recent = query(path, "[System.CreatedDate] >= @StartOfYear('-20y') AND [System.CreatedDate] < @StartOfMonth('+2M')").await;
    assert_eq!(count(&recent), count(&all), "{}", recent.text);
    let same = query(path, "[System.CreatedBy] = [System.CreatedBy] AND [System.ChangedDate] >= [System.CreatedDate] AND [System.Id] = [System.Id]").await;
    assert_eq!(count(&same), count(&all), "{}", same.text);
    let never = query(path, "[System.ChangedDate] < [System.CreatedDate]").await;
    assert_eq!(count(&never), Some(0), "{}", never.text);
    for (condition, part) in [
        (
            "[System.IterationPath] = @CurrentIteration",
            "without a team context",
        ),
        (
            "[System.IterationPath] = @CurrentIteration('[Fabrikam]\\Nobody')",
            "does not exist",
        ),
        ("[System.Id] IN (@Follows)", "@Follows is not simulated"),
        (
            "[System.WorkItemType] IN GROUP 'Microsoft.TaskCategory'",
            "IN GROUP is not simulated",
        ),
        (
            "[System.CreatedDate] > @StartOfMonth('soon')",
            "not valid for the field",
        ),
    ] {
        let answer = query(path, condition).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{condition}");
        assert!(answer.text.contains(part), "{condition}: {}", answer.text);
        assert_eq!(
            answer.text.contains("TF51006"),
            part.contains("valid"),
            "{condition}: {}",
            answer.text
        );
    }
}
