mod access;
mod reading;
mod writing;

use serde_json::{Value, json};

use crate::test_support::{Answer, TestSandbox};

const ITEMS: &str = "/contoso-demo/Fabrikam/_apis/wit/workitems";

async fn start() -> (TestSandbox, String) {
    let sandbox = TestSandbox::new();
    let ada = sandbox.bearer("ada").await;
    (sandbox, ada)
}

fn refused(answer: &Answer, status: u16, type_key: &str, code: &str) {
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), body["typeKey"].as_str()),
        (status, Some(type_key)),
        "{}",
        answer.text
    );
    assert!(
        body["message"].as_str().unwrap().contains(code),
        "{}",
        answer.text
    );
    assert!(body["typeName"].as_str().unwrap().contains(type_key) && body["$id"] == "1");
}

fn title(text: &str) -> Value {
    json!([{"op": "add", "path": "/fields/System.Title", "value": text}])
}
