//! An operator's browser on the dashboard.

use paragon_gateway::operators;
use paragon_gateway::operators::Role;
use paragon_gateway::operators::service::Change;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::{Answer, TestGateway};

pub const PASSWORD: &str = "a password of operators";

pub struct Desk<'a> {
    pub gateway: &'a TestGateway,
    pub http: Client,
}

impl<'a> Desk<'a> {
    pub fn new(gateway: &'a TestGateway) -> Self {
        let http = Client::builder()
            .cookie_store(true)
            .no_proxy()
            .build()
            .unwrap();
        Self { gateway, http }
    }

    /// Adds an operator with this role, named by it, and signs in.
    pub async fn of(gateway: &'a TestGateway, role: Role) -> Self {
        let desk = Self::new(gateway);
        let email = format!("{}@example.com", role.as_str());
        add(gateway, &email, role).await;
        let answer = desk.sign_in(&email, PASSWORD).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        desk
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.call(Method::POST, "/session", Some(body)).await
    }

    /// Calls the dashboard's API as its page does.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_with(method, path, &[], body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn call_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let url = format!("{}/dashboard/api{path}", self.gateway.url);
        let mut request = self
            .http
            .request(method, url)
            .header("sec-fetch-site", "same-origin")
            .header("origin", &self.gateway.url)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// The audit log, newest first.
    pub async fn log(&self) -> Vec<Value> {
        let answer = self.get("/audit").await;
        answer.json["entries"].as_array().unwrap().clone()
    }
}

pub async fn add(gateway: &TestGateway, email: &str, role: Role) {
    let change = change(gateway);
    let password = PASSWORD.to_owned().into();
    operators::service::add(&gateway.app.store, change, email, role, &password)
        .await
        .unwrap();
}

pub fn change(gateway: &TestGateway) -> Change<'static> {
    Change {
        actor: "command line",
        at: gateway.app.clock.now(),
        keeps_admin: false,
    }
}
