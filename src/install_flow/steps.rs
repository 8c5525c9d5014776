//! What the app hands to the install flow, and what each of it sets off.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::Progress;
use super::stage::Stage;
use crate::connect::{Wish, account_type_config, redirect_url};
use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::{js, timer, transport};

/// The promise of a step that has nothing to wait for.
fn done() -> Promise {
    Promise::resolve(&JsValue::UNDEFINED)
}

fn not_set(text: &'static str) -> SdkError {
    SdkError::usage("install_flow_incomplete", text)
}

impl Progress {
    /// `installOptions` of the server.
    fn install_options(&self) -> JsValue {
        let options = js::object(&[(
            "allowMultipleCredentials",
            js::flag(&self.options, "allowMultipleCredentials").into(),
        )]);
        for key in ["overrideRedirectUrl", "selectedCredentialId", "externalId"] {
            let value = js::get(&self.options, key);
            if value.is_truthy() {
                js::set(&options, key, &value);
            }
        }
        options
    }

    /// Options of the popup's flow.
    fn oauth_options(&self) -> Outcome<JsValue> {
        let options = js::object(&[]);
        for (key, value) in [
            ("accountType", &self.account_type),
            ("endUserSuppliedValues", &self.pre_options),
        ] {
            if value.is_truthy() {
                js::set(&options, key, value);
            }
        }
        let options = js::merged(&options, &self.install_options());
        let url = redirect_url(&options, "overrideRedirectUrl", ".")?;
        let provided = js::object(&[("overrideRedirectUrl", js::optional(url.as_deref()))]);
        js::set(&options, "overrideRedirectUrl", &JsValue::UNDEFINED);
        js::set(&options, "userProvidedIntegrationConfig", &provided);
        Ok(options)
    }
}

impl Sdk {
    /// Reports the present stage and opens the popup if that is it; what fails belongs to step `after`.
    pub(super) fn go_on(self: &Rc<Self>, after: Stage) -> Promise {
        match self.report_stage() {
            Ok(Stage::OAuth) => self.authorize(),
            Ok(_) => done(),
            Err(error) => {
                self.install_step_failed(error, Some(after));
                done()
            }
        }
    }

    /// `setAccountType`: resolves after the step it leads to.
    pub(super) fn set_account_type(self: &Rc<Self>, value: JsValue) -> Promise {
        self.note(|flow| flow.account_type = value);
        self.go_on(Stage::AccountType)
    }

    /// `setPreOptions`: they go into the popup's flow, or become a credential at once.
    pub(super) fn set_pre_options(self: &Rc<Self>, values: JsValue) -> Promise {
        let given = values.is_truthy();
        if given {
            self.note(|flow| {
                flow.pre_options = values;
                flow.refused = None;
            });
        }
        let stage = match self.stage() {
            Ok((stage, _)) if given => stage,
            outcome => {
                let error = outcome.err();
                let error = error.unwrap_or_else(|| not_set("Pre options are not set"));
                self.install_step_failed(error, Some(Stage::PreOptions));
                return done();
            }
        };
        if stage == Stage::OAuth {
            return self.go_on(Stage::PreOptions);
        }
        self.store(Stage::PreOptions, None)
    }

    /// `setPostOptions`: completes the credential that this flow made.
    pub(super) fn set_post_options(self: &Rc<Self>, values: JsValue) -> Promise {
        let credential_id = self.progress().credential_id;
        let missing = if !values.is_truthy() {
            "Post options are not set"
        } else if credential_id.is_none() {
            "Credential ID is not set"
        } else {
            self.note(|flow| {
                flow.post_options = values;
                flow.refused = None;
            });
            return self.store(Stage::PostOptions, credential_id);
        };
        self.install_step_failed(not_set(missing), Some(Stage::PostOptions));
        done()
    }

    /// Sends what was entered at `stage` to the server, for a new credential or to complete the one with this id.
    fn store(self: &Rc<Self>, stage: Stage, credential_id: Option<String>) -> Promise {
        let (sdk, flow) = (Rc::clone(self), self.progress());
        transport::promise(async move {
            let stored = sdk.store_entered(&flow, stage, credential_id).await;
            if sdk.progress().run == flow.run {
                sdk.note(|flow| flow.refused = stored.is_err().then_some(stage));
                sdk.step_ended(stage, stored);
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    async fn store_entered(
        self: &Rc<Self>,
        flow: &Progress,
        stage: Stage,
        credential_id: Option<String>,
    ) -> Outcome<JsValue> {
        let integration = self.find_integration(&flow.name).unwrap_or_default();
        let account = account_type_config(
            &integration,
            &js::object(&[("accountType", flow.account_type.clone())]),
        );
        let entered = if stage == Stage::PreOptions {
            &flow.pre_options
        } else {
            &flow.post_options
        };
        let skips = js::flag(&account, "skipPostOAuthInputs").into();
        let answer = js::object(&[
            ("integrationId", js::get(&integration, "id")),
            (
                "payload",
                js::merged(entered, &js::object(&[("skipPostOAuthInputs", skips)])),
            ),
        ]);
        let credential = self
            .create_credential(&answer, credential_id.as_deref(), &flow.install_options())
            .await?;
        Ok(self.installed(&flow.name, &credential))
    }

    /// Opens the popup, in the caller's own task; the promise resolves when it is over.
    pub(super) fn authorize(self: &Rc<Self>) -> Promise {
        self.stop_authorizing();
        let flow = self.progress();
        let started = self
            .wish(&flow)
            .and_then(|wish| Ok(self.start_flow(wish)?.1));
        self.note(|flow| flow.is_authorizing = started.is_ok());
        let sdk = Rc::clone(self);
        let (over, resolve, _) = timer::deferred();
        timer::spawn(async move {
            let ended = match started {
                Ok(promise) => JsFuture::from(promise).await.map_err(SdkError::from),
                Err(error) => Err(error),
            };
            if sdk.progress().run == flow.run {
                sdk.note(|flow| flow.is_authorizing = false);
                sdk.step_ended(Stage::OAuth, ended);
            }
            js::call(&resolve, &[]);
        });
        over
    }

    /// What opens the popup in a later click, if that is still what the flow waits for.
    fn retry_of_install(self: &Rc<Self>, run: u32) -> JsValue {
        let sdk = Rc::clone(self);
        let retry = js::callback(move |_| {
            let waits = sdk.progress().run == run
                && sdk.stage().is_ok_and(|(stage, _)| stage == Stage::OAuth);
            if waits { sdk.authorize() } else { done() }.into()
        });
        retry.into_js_value()
    }

    fn wish(self: &Rc<Self>, flow: &Progress) -> Outcome<Wish> {
        let install_options = flow.oauth_options()?;
        let options = js::with(
            &install_options,
            "oauthTimeout",
            &js::get(&flow.options, "oauthTimeout"),
        );
        // With the provider's answer only what the app asked for is sent, as by the reference.
        if !js::flag(&options, "allowMultipleCredentials") {
            js::set(&options, "allowMultipleCredentials", &JsValue::UNDEFINED);
        }
        Ok(Wish {
            integration: self.connectable(&flow.name)?,
            name: flow.name.clone(),
            options,
            install_options,
            retry: self.retry_of_install(flow.run),
        })
    }

    /// After a step that makes or completes a credential: the next stage, or the end.
    fn step_ended(self: &Rc<Self>, stage: Stage, ended: Outcome<JsValue>) {
        let outcome = ended.and_then(|event| {
            let id = js::non_empty(&event, "credentialId")
                .ok_or_else(|| not_set("Could not find a credential ID"))?;
            self.note(|flow| flow.credential_id = Some(id));
            if self.stage()?.0 != Stage::Done {
                return self.report_stage().map(drop);
            }
            if let Some(on_complete) = js::function(&self.progress().options, "onComplete") {
                on_complete.call1(&JsValue::UNDEFINED, &event)?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            self.install_step_failed(error, Some(stage));
        }
    }
}
