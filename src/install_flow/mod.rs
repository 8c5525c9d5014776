//! `installFlow`: connecting an account step by step, with pages of the app's own.
//!
//! [`stage`] decides what comes next; this is the shell around it that asks the app, opens the popup and stores what the
//! user entered.

mod instruction;
mod stage;
mod steps;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use self::instruction::Package;
use self::stage::{Stage, Steps};
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::{js, timer, transport};

/// The install flow of one instance.
#[derive(Default)]
pub(crate) struct InstallFlow(RefCell<Progress>);

/// What the app asked for and what the user has given.
#[derive(Clone)]
struct Progress {
    /// Rises with each start and cancel: what an earlier run still brings is dropped.
    run: u32,
    /// The integration's name; empty while no flow runs.
    name: String,
    /// The app's options, with its callbacks.
    options: JsValue,
    account_type: JsValue,
    pre_options: JsValue,
    post_options: JsValue,
    /// Id of the credential that this flow made.
    credential_id: Option<String>,
    has_finished_instruction: bool,
    /// The stage whose values the server refused: it is still to come.
    refused: Option<Stage>,
    /// Whether the popup of this flow is open.
    is_authorizing: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            run: 0,
            name: String::new(),
            options: JsValue::UNDEFINED,
            account_type: JsValue::NULL,
            pre_options: JsValue::NULL,
            post_options: JsValue::NULL,
            credential_id: None,
            has_finished_instruction: false,
            refused: None,
            is_authorizing: false,
        }
    }
}

/// Calls method `name` of the install flow.
///
/// # Errors
/// What the method throws at once.
pub(crate) fn call(sdk: &Rc<Sdk>, name: &str, values: &Array) -> Outcome<JsValue> {
    let value = values.get(0);
    let flow = || sdk.install_flow.0.borrow();
    Ok(match name {
        "start" => {
            sdk.start_install(&value, values.get(1));
            JsValue::UNDEFINED
        }
        "next" => sdk.stage().map(|(_, described)| described)?,
        "setAccountType" => sdk.set_account_type(value).into(),
        "setPreOptions" => sdk.set_pre_options(value).into(),
        "setPostOptions" => sdk.set_post_options(value).into(),
        "cancel" => sdk.cancel_install().into(),
        "getAccountTypeValue" => flow().account_type.clone(),
        "getPreOptionsValue" => flow().pre_options.clone(),
        "getPostOptionsValue" => flow().post_options.clone(),
        _ => JsValue::UNDEFINED,
    })
}

impl Sdk {
    /// What the flow knows now.
    #[inline(never)]
    fn progress(&self) -> Progress {
        self.install_flow.0.borrow().clone()
    }

    /// Changes what the flow knows.
    fn note(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.install_flow.0.borrow_mut());
    }

    /// `start`: everything is forgotten but that the instruction was followed; failures reach `onError` afterwards.
    fn start_install(self: &Rc<Self>, name: &JsValue, options: JsValue) {
        self.stop_authorizing();
        self.note(|flow| {
            *flow = Progress {
                run: flow.run + 1,
                name: name.as_string().unwrap_or_default(),
                options,
                has_finished_instruction: flow.has_finished_instruction,
                ..Progress::default()
            };
        });
        let begun = self.begin();
        let sdk = Rc::clone(self);
        timer::spawn(async move {
            if let Err(error) = begun {
                sdk.install_step_failed(error, None);
            }
        });
    }

    fn begin(self: &Rc<Self>) -> Outcome<()> {
        if !self.connect.is_headless() {
            return Err(ErrorKind::HeadlessModeNotEnabled.into());
        }
        if self.progress().name.is_empty() {
            return Err(ErrorKind::NoActiveInstallFlow.into());
        }
        self.require_user()?;
        if self.report_stage()? == Stage::OAuth {
            drop(self.authorize());
        }
        Ok(())
    }

    /// The present stage, and how the app sees it.
    fn stage(self: &Rc<Self>) -> Outcome<(Stage, JsValue)> {
        let flow = self.progress();
        if flow.name.is_empty() {
            return Err(ErrorKind::NoActiveInstallFlow.into());
        }
        let integration = self
            .find_integration(&flow.name)
            .ok_or_else(|| SdkError::from(ErrorKind::IntegrationNotFound(flow.name.clone())))?;
        let types = self.sdk_options(&flow.name, "accountTypes")?;
        let chosen = flow.account_type.as_string().filter(|id| !id.is_empty());
        let account = chosen
            .as_deref()
            .and_then(|id| js::find(&js::list(&types), "id", id));
        let account = account.unwrap_or_default();
        let has_types = js::list(&types).length() > 0;
        let package = Package::of(&integration, chosen.as_deref().unwrap_or_default());
        let before = self.pre_options(&flow.name, chosen.as_deref().unwrap_or("default"))?;
        let after = self.sdk_options(&flow.name, "postOauthInputs")?;
        let is_oauth = if has_types {
            js::is(&account, "scheme", "oauth")
        } else {
            js::is(&integration, "authenticationType", "oauth")
        };
        let asked = Steps {
            account_type: has_types,
            instruction: package.is_some(),
            pre_options: js::list(&before).length() > 0,
            oauth: is_oauth,
            post_options: js::list(&after).length() > 0
                && !js::flag(&account, "skipPostOAuthInputs"),
        };
        let given = Steps {
            account_type: chosen.is_some(),
            instruction: flow.has_finished_instruction,
            pre_options: flow.pre_options.is_truthy() && flow.refused != Some(Stage::PreOptions),
            oauth: flow.credential_id.is_some(),
            post_options: flow.post_options.is_truthy() && flow.refused != Some(Stage::PostOptions),
        };
        let stage = stage::next(asked, given);
        let options = match stage {
            Stage::AccountType => types,
            Stage::PreOptions => before,
            Stage::PostOptions => after,
            _ => JsValue::UNDEFINED,
        };
        let described = match package.filter(|_| stage == Stage::Instruction) {
            Some(package) => package.describe(self, self.finish_button(flow.run)),
            None => js::object(&[
                ("stage", stage.name().into()),
                ("options", options),
                ("done", (stage == Stage::Done).into()),
            ]),
        };
        Ok((stage, described))
    }

    /// Tells the app the present stage.
    ///
    /// # Errors
    /// Also what its `onNext` throws.
    fn report_stage(self: &Rc<Self>) -> Outcome<Stage> {
        let (stage, described) = self.stage()?;
        if let Some(on_next) = js::function(&self.progress().options, "onNext") {
            on_next.call1(&JsValue::UNDEFINED, &described)?;
        }
        Ok(stage)
    }

    /// What the button of the instruction runs: in its click, so that the popup may open.
    fn finish_button(self: &Rc<Self>, run: u32) -> JsValue {
        let sdk = Rc::clone(self);
        let finished = js::callback(move |_| {
            if sdk.progress().run == run {
                sdk.note(|flow| flow.has_finished_instruction = true);
                drop(sdk.go_on(Stage::Instruction));
            }
            JsValue::UNDEFINED
        });
        finished.into_js_value()
    }

    /// Tells the app that step `failed` (none: the start) did not work.
    fn install_step_failed(&self, error: SdkError, failed: Option<Stage>) {
        let Some(on_error) = js::function(&self.progress().options, "onError") else {
            return;
        };
        let context = match failed {
            Some(stage) => js::object(&[("stage", stage.name().into())]),
            None => JsValue::NULL,
        };
        js::call(&on_error, &[error.into(), context]);
    }

    /// Closes the popup of this flow; nobody is told.
    fn stop_authorizing(&self) {
        if self.progress().is_authorizing {
            // First, so that the ending finds another run.
            self.note(|flow| flow.run += 1);
            self.connect.cancel_flow();
        }
    }

    /// `cancel`: forgets everything and disconnects what this flow connected.
    fn cancel_install(self: &Rc<Self>) -> js_sys::Promise {
        self.stop_authorizing();
        let flow = self.progress();
        self.note(|own| {
            *own = Progress {
                run: flow.run + 1,
                ..Progress::default()
            };
        });
        if flow.name.is_empty() {
            js::warn("installFlow.cancel(): there is no install flow to cancel");
        }
        let sdk = Rc::clone(self);
        transport::promise(async move {
            if let Some(id) = flow.credential_id {
                let which = js::object(&[("selectedCredentialId", id.into())]);
                if sdk.uninstall(&flow.name, &which).await.is_err() {
                    js::warn("installFlow.cancel(): the account could not be disconnected");
                }
            }
            Ok(JsValue::UNDEFINED)
        })
    }
}
