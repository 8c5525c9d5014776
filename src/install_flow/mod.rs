//! `installFlow`: connecting an account step by step, with pages of the app's own.
//!
//! [`stage`] decides what comes next; this is the shell around it that tells the app; [`steps`] opens the popup and
//! stores what the user entered.

mod instruction;
mod stage;
mod steps;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{JsString, Object, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use self::instruction::Package;
use self::stage::{Stage, Steps};
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::AccountType;
use crate::sdk::Sdk;
use crate::{host, promise};

#[wasm_bindgen]
extern "C" {
    /// The app's options of `start`, with its callbacks.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    type Options;
    #[wasm_bindgen(method, getter, js_name = onNext)]
    fn on_next(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = onComplete)]
    fn on_complete(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = onError)]
    fn on_error(this: &Options) -> JsValue;
}

/// What the flow of an instance knows.
#[derive(Default)]
pub(crate) struct InstallFlow {
    progress: RefCell<Progress>,
    /// Another one after each start and cancel: what an earlier run still brings is dropped.
    run: Cell<u32>,
    /// Whether the popup of this flow is open.
    is_authorizing: Cell<bool>,
    /// Whether the user says that what the instruction asks for is done.
    has_finished_instruction: Cell<bool>,
}

/// How far it is.
#[derive(Clone)]
struct Progress {
    /// The integration's name; none while no flow runs.
    name: Option<JsString>,
    options: Options,
    /// What the user has given; null before.
    account_type: JsValue,
    pre_options: JsValue,
    post_options: JsValue,
    /// The step whose values the server refused: they have to be given again.
    refused: Option<Stage>,
    /// The credential that this flow made.
    credential_id: Option<JsString>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            name: None,
            options: js::view(JsValue::UNDEFINED),
            account_type: JsValue::NULL,
            pre_options: JsValue::NULL,
            post_options: JsValue::NULL,
            refused: None,
            credential_id: None,
        }
    }
}

/// A stage as the app sees it.
#[derive(Serialize)]
struct StageDescription {
    stage: &'static str,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    options: Raw,
    done: bool,
}

/// Where an error came from.
#[derive(Serialize)]
struct ErrorContext {
    stage: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ByCredential {
    selected_credential_id: Raw,
}

impl InstallFlow {
    fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Makes what is under way out of date.
    fn next_run(&self) {
        self.run.set(self.run.get().wrapping_add(1));
    }

    /// Whether nothing has made `run` out of date.
    fn is_run(&self, run: u32) -> bool {
        self.run.get() == run
    }

    /// `getAccountTypeValue`.
    pub(crate) fn account_type(&self) -> JsValue {
        self.progress.borrow().account_type.clone()
    }

    /// `getPreOptionsValue`.
    pub(crate) fn pre_options(&self) -> JsValue {
        self.progress.borrow().pre_options.clone()
    }

    /// `getPostOptionsValue`.
    pub(crate) fn post_options(&self) -> JsValue {
        self.progress.borrow().post_options.clone()
    }
}

impl Sdk {
    /// `installFlow.start`: everything is forgotten but that the instruction was followed; failures reach `onError`.
    ///
    /// # Errors
    /// What a getter of the app's options throws.
    pub(crate) fn start_install_flow(
        self: &Rc<Self>,
        name: &JsValue,
        options: &JsValue,
    ) -> Result<()> {
        let options = js::options(options)?;
        self.stop_authorizing();
        self.install_flow.next_run();
        self.install_flow.progress.replace(Progress {
            name: js::text(name.clone()),
            options,
            ..Progress::default()
        });
        let sdk = Rc::clone(self);
        promise::spawn(async move {
            match sdk.begin_install_flow() {
                Ok(Stage::OAuth) => sdk.authorize().await,
                Ok(_) => {}
                Err(error) => {
                    // After `start` has returned.
                    let _ = Promise::resolve(&JsValue::UNDEFINED).await;
                    sdk.install_step_failed(&error, None);
                }
            }
        });
        Ok(())
    }

    fn begin_install_flow(self: &Rc<Self>) -> Result<Stage> {
        if !self.is_headless.get() {
            return Err(Error::headless_mode_not_enabled());
        }
        self.install_flow_name()?;
        self.session.require_user()?;
        self.check_install_label()?;
        self.report_stage()
    }

    /// Name of the integration that is connected.
    fn install_flow_name(&self) -> Result<JsString> {
        let name = self.install_flow.progress.borrow().name.clone();
        name.ok_or_else(Error::no_active_install_flow)
    }

    /// `installFlow.next`: the present stage, as the app sees it.
    pub(crate) fn next_install_stage(self: &Rc<Self>) -> Result<JsValue> {
        self.install_stage().map(|(_, described)| described)
    }

    /// The present stage, and how the app sees it.
    fn install_stage(self: &Rc<Self>) -> Result<(Stage, JsValue)> {
        let name = self.install_flow_name()?;
        let flow = self.install_flow.progress();
        let integration = self.require_integration(&name)?;
        let types = self.account_type_options(&name)?;
        let chosen = js::text(flow.account_type.clone());
        let account = chosen.as_ref().and_then(|id| {
            let mut types = js::items::<AccountType>(types.clone().into());
            types.find(|one| js::is_same(&one.id(), id))
        });
        let account_type = chosen.clone().map_or(JsValue::UNDEFINED, JsValue::from);
        let package = Package::of(&integration, &account_type);
        let before = self.pre_options(&name, &account_type)?;
        let after = self.post_options(&name)?;
        let scheme = if types.length() == 0 {
            integration.authentication_type()
        } else {
            account
                .as_ref()
                .map_or(JsValue::UNDEFINED, super::model::AccountType::scheme)
        };
        let skips_after = account.is_some_and(|account| account.skips_inputs_after().is_truthy());
        let asked = Steps {
            account_type: types.length() > 0,
            instruction: package.is_some(),
            pre_options: before.length() > 0,
            oauth: scheme == "oauth",
            post_options: after.length() > 0 && !skips_after,
        };
        let given = Steps {
            account_type: chosen.is_some(),
            instruction: self.install_flow.has_finished_instruction.get(),
            pre_options: flow.pre_options.is_truthy() && flow.refused != Some(Stage::PreOptions),
            oauth: flow.credential_id.is_some(),
            post_options: flow.post_options.is_truthy() && flow.refused != Some(Stage::PostOptions),
        };
        let stage = stage::next(asked, given);
        let described = match package.filter(|_| stage == Stage::Instruction) {
            Some(package) => self.describe_instruction(&package),
            None => js::to_object(&StageDescription {
                stage: stage.name(),
                options: Raw(match stage {
                    Stage::AccountType => types.into(),
                    Stage::PreOptions => before.into(),
                    Stage::PostOptions => after.into(),
                    _ => JsValue::UNDEFINED,
                }),
                done: stage == Stage::Done,
            }),
        };
        Ok((stage, described))
    }

    /// The button of the instruction is a click, so that the popup may open.
    fn describe_instruction(self: &Rc<Self>, package: &Package) -> JsValue {
        let (sdk, run) = (Rc::downgrade(self), self.install_flow.run.get());
        let finished = js::callback(move |_| {
            let sdk = sdk.upgrade().filter(|sdk| sdk.install_flow.is_run(run));
            sdk.map_or(JsValue::UNDEFINED, |sdk| {
                sdk.install_flow.has_finished_instruction.set(true);
                promise::of(sdk.go_on(Stage::Instruction)).into()
            })
        });
        package.describe(self, &finished)
    }

    /// Tells the app the present stage.
    ///
    /// # Errors
    /// Also what its `onNext` throws.
    fn report_stage(self: &Rc<Self>) -> Result<Stage> {
        let (stage, described) = self.install_stage()?;
        self.report_install(Options::on_next, &described)?;
        Ok(stage)
    }

    /// Calls a callback of the app.
    fn report_install(
        &self,
        callback: impl Fn(&Options) -> JsValue,
        event: &JsValue,
    ) -> Result<()> {
        let callback = callback(&self.install_flow.progress().options);
        if let Some(callback) = js::function(callback) {
            callback.call1(&JsValue::UNDEFINED, event)?;
        }
        Ok(())
    }

    /// Tells the app that the step at `stage` (none: the start) did not work.
    fn install_step_failed(&self, error: &Error, stage: Option<Stage>) {
        let on_error = self.install_flow.progress().options.on_error();
        if let Some(on_error) = js::function(on_error) {
            let context = stage.map_or(JsValue::NULL, |stage| {
                js::to_object(&ErrorContext {
                    stage: stage.name(),
                })
            });
            js::notify(&on_error, &error.for_install_flow(), &context);
        }
    }

    /// Closes the popup of this flow; nobody is told.
    fn stop_authorizing(&self) {
        if self.install_flow.is_authorizing.take() {
            // First, so that the ending finds another run.
            self.install_flow.next_run();
            self.cancel_flow();
        }
    }

    /// `installFlow.cancel`: forgets everything and disconnects what this flow connected; never fails.
    pub(crate) async fn cancel_install_flow(self: Rc<Self>) -> Result<JsValue> {
        self.stop_authorizing();
        let flow = self.install_flow.progress.take();
        self.install_flow.has_finished_instruction.set(false);
        self.install_flow.next_run();
        if flow.name.is_none() {
            host::warn("installFlow.cancel(): there is no install flow to cancel");
        }
        if let Some((name, id)) = flow.name.zip(flow.credential_id) {
            let options: JsValue = js::to_object(&ByCredential {
                selected_credential_id: Raw::from(&id),
            });
            let removed = self.uninstall_integration(name.into(), &options);
            if removed.unwrap_or_else(promise::failed).await.is_err() {
                host::warn("installFlow.cancel(): the account could not be disconnected");
            }
        }
        Ok(JsValue::UNDEFINED)
    }
}
