//! What the app hands to the install flow, and what each of it sets off.

use std::future::Future;
use std::rc::Rc;

use js_sys::{JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Progress;
use super::stage::Stage;
use crate::connect::attempt::{Attempt, Target};
use crate::connect::checks::redirect_url;
use crate::connect::options::ConnectOptions;
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::promise;
use crate::sdk::Sdk;

/// `installOptions` of the server.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstallOptions {
    allow_multiple_credentials: bool,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    override_redirect_url: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    selected_credential_id: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    external_id: Raw,
}

/// Options of the popup's flow. They are part of a URL: their order is the reference's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OAuthOptions {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    account_type: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    end_user_supplied_values: Raw,
    allow_multiple_credentials: bool,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    selected_credential_id: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    external_id: Raw,
    user_provided_integration_config: ProvidedConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProvidedConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    override_redirect_url: Option<String>,
}

/// What the user entered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialInput {
    integration_id: Raw,
    payload: Raw,
}

#[derive(Serialize)]
struct Skips {
    #[serde(rename = "skipPostOAuthInputs")]
    skips: bool,
}

/// Wrong use of the flow, found before anything is sent.
fn not_set(message: &str) -> Error {
    Error::new("install_flow_incomplete", message)
}

impl Progress {
    fn connect_options(&self) -> &ConnectOptions {
        self.options.unchecked_ref()
    }
}

impl Sdk {
    /// # Errors
    /// For an external id in which there is nothing.
    pub(super) fn check_install_label(&self) -> Result<()> {
        let flow = self.install_flow.progress();
        self.new_label(flow.connect_options().external_id())?;
        Ok(())
    }

    /// The app's external id as the server gets it.
    fn install_label(&self, flow: &Progress) -> JsValue {
        let label = self.new_label(flow.connect_options().external_id());
        label.unwrap_or_default()
    }

    /// Reports the present stage and opens the popup if that is it; what fails belongs to step `after`.
    pub(super) async fn go_on(self: Rc<Self>, after: Stage) -> Result<JsValue> {
        match self.report_stage() {
            Ok(Stage::OAuth) => self.authorize().await,
            Ok(_) => {}
            Err(error) => self.install_step_failed(&error, Some(after)),
        }
        Ok(JsValue::UNDEFINED)
    }

    /// `setAccountType`: resolves after the step that it leads to.
    pub(crate) async fn set_account_type(self: Rc<Self>, value: JsValue) -> Result<JsValue> {
        self.install_flow.progress.borrow_mut().account_type = value;
        self.go_on(Stage::AccountType).await
    }

    /// `setPreOptions`: they go into the popup's flow, or become a credential at once.
    pub(crate) async fn set_pre_options(self: Rc<Self>, values: JsValue) -> Result<JsValue> {
        if values.is_truthy() {
            let mut flow = self.install_flow.progress.borrow_mut();
            flow.pre_options = values.clone();
            flow.refused = None;
        }
        match self.install_stage() {
            Err(error) => self.install_step_failed(&error, Some(Stage::PreOptions)),
            Ok(_) if !values.is_truthy() => {
                let error = not_set("Pre options are not set");
                self.install_step_failed(&error, Some(Stage::PreOptions));
            }
            Ok((Stage::OAuth, _)) => return self.go_on(Stage::PreOptions).await,
            Ok(_) => self.store(Stage::PreOptions, &values, None).await,
        }
        Ok(JsValue::UNDEFINED)
    }

    /// `setPostOptions`: completes the credential that this flow made.
    pub(crate) async fn set_post_options(self: Rc<Self>, values: JsValue) -> Result<JsValue> {
        let id = self.install_flow.progress().credential_id;
        let missing = match &id {
            _ if !values.is_truthy() => Some("Post options are not set"),
            None => Some("Credential ID is not set"),
            Some(_) => None,
        };
        if let Some(text) = missing {
            self.install_step_failed(&not_set(text), Some(Stage::PostOptions));
            return Ok(JsValue::UNDEFINED);
        }
        {
            let mut flow = self.install_flow.progress.borrow_mut();
            flow.post_options = values.clone();
            flow.refused = None;
        }
        self.store(Stage::PostOptions, &values, id).await;
        Ok(JsValue::UNDEFINED)
    }

    /// Sends what was entered at `stage` to the server, for a new credential or to complete the one with this id.
    async fn store(
        self: &Rc<Self>,
        stage: Stage,
        entered: &JsValue,
        credential_id: Option<JsString>,
    ) {
        let (sdk, entered) = (Rc::clone(self), entered.clone());
        let stored = async move {
            let flow = sdk.install_flow.progress();
            let name = sdk.install_flow_name()?;
            let integration = sdk.require_integration(&name)?;
            let chosen: ConnectOptions = js::view(JsValue::UNDEFINED);
            js::set(&chosen, &"accountType".into(), &flow.account_type);
            let account = chosen.account_type_of(&integration);
            let skips: JsValue = js::to_object(&Skips {
                skips: account.is_some_and(|account| account.skips_inputs_after().is_truthy()),
            });
            let answer: JsValue = js::to_object(&CredentialInput {
                integration_id: Raw(integration.id()),
                payload: Raw(js::merged(&entered, &skips)),
            });
            let options: Object = js::to_object(&sdk.install_options(&flow));
            let id = credential_id.map_or(JsValue::UNDEFINED, JsValue::from);
            let credential = sdk.create_credential(&answer, &id, &options)?.await?;
            // It is announced, whatever became of the flow.
            Ok(sdk.installed(&name, &js::view(credential)))
        };
        self.finish_step(stage, stored).await;
    }

    /// Opens the popup, in the caller's own task, and waits until it is over.
    pub(super) async fn authorize(self: &Rc<Self>) {
        self.stop_authorizing();
        let opened = self.open_install_popup();
        self.install_flow.is_authorizing.set(opened.is_ok());
        let signed_in = async {
            let attempt = opened?;
            Ok(attempt.outcome().await?)
        };
        self.finish_step(Stage::OAuth, signed_in).await;
    }

    fn open_install_popup(self: &Rc<Self>) -> Result<Rc<Attempt>> {
        let flow = self.install_flow.progress();
        let installing: ConnectOptions = js::to_object(&self.oauth_options(&flow)?);
        let name = self.install_flow_name()?;
        let options: ConnectOptions = js::merged(&installing, &JsValue::UNDEFINED);
        let limit = flow.connect_options().oauth_timeout();
        if !limit.is_undefined() {
            options.set_oauth_timeout(&limit);
        }
        // With the provider's answer only what the app asked for is sent, as by the reference.
        if !options.allows_several().is_truthy() {
            js::remove(&options, "allowMultipleCredentials");
        }
        let (sdk, run) = (Rc::downgrade(self), self.install_flow.run.get());
        let target = Target {
            integration: self.connectable(&name)?,
            name: name.into(),
            options,
            install_options: installing.into(),
            // The next click after a popup was blocked; nothing once the flow is past it, or another one.
            retry: js::callback(move |_| {
                let sdk = sdk.upgrade().filter(|sdk| sdk.install_flow.is_run(run));
                let Some(sdk) =
                    sdk.filter(|sdk| matches!(sdk.install_stage(), Ok((Stage::OAuth, _))))
                else {
                    return JsValue::UNDEFINED;
                };
                let again = async move {
                    sdk.authorize().await;
                    Ok(JsValue::UNDEFINED)
                };
                promise::of(again).into()
            }),
        };
        let attempt = Attempt::open(self, target)?;
        attempt.begin();
        Ok(attempt)
    }

    fn install_options(&self, flow: &Progress) -> InstallOptions {
        let given = flow.connect_options();
        let truthy = |value: JsValue| Raw(js::truthy(value).unwrap_or_default());
        InstallOptions {
            allow_multiple_credentials: given.allows_several().is_truthy(),
            override_redirect_url: truthy(given.redirect_url()),
            selected_credential_id: truthy(given.selected_credential_id()),
            external_id: truthy(self.install_label(flow)),
        }
    }

    fn oauth_options(&self, flow: &Progress) -> Result<OAuthOptions> {
        let install = self.install_options(flow);
        let truthy = |value: &JsValue| Raw(js::truthy(value.clone()).unwrap_or_default());
        Ok(OAuthOptions {
            account_type: truthy(&flow.account_type),
            end_user_supplied_values: truthy(&flow.pre_options),
            allow_multiple_credentials: install.allow_multiple_credentials,
            selected_credential_id: install.selected_credential_id,
            external_id: install.external_id,
            user_provided_integration_config: ProvidedConfig {
                override_redirect_url: redirect_url(install.override_redirect_url.0, ".")?,
            },
        })
    }

    /// Waits for the step at `stage` and tells the app what came of it: the next stage, or the end. Nothing is told if
    /// the flow went on without it.
    async fn finish_step(
        self: &Rc<Self>,
        stage: Stage,
        step: impl Future<Output = Result<JsValue>>,
    ) {
        let run = self.install_flow.run.get();
        let outcome = step.await;
        if !self.install_flow.is_run(run) {
            return;
        }
        if stage == Stage::OAuth {
            self.install_flow.is_authorizing.set(false);
        } else {
            let refused = outcome.is_err().then_some(stage);
            self.install_flow.progress.borrow_mut().refused = refused;
        }
        let advanced = outcome.and_then(|event| self.advance(&event));
        if let Err(error) = advanced {
            self.install_step_failed(&error, Some(stage));
        }
    }

    /// A step has made or completed the credential of `event`.
    fn advance(self: &Rc<Self>, event: &JsValue) -> Result<()> {
        let id = js::text(js::view::<Entity>(event.clone()).credential_id());
        let id = id.ok_or_else(|| not_set("Could not find a credential ID"))?;
        self.install_flow.progress.borrow_mut().credential_id = Some(id);
        let (next, described) = self.install_stage()?;
        if next == Stage::Done {
            self.report_install(super::Options::on_complete, event)
        } else {
            self.report_install(super::Options::on_next, &described)
        }
    }
}
