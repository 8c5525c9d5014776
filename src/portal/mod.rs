//! The Connect Portal: a frame that is made with the first `connect`, told the state, and asked for nothing but a fixed
//! list ([`messages`]).

mod dropdowns;
mod frame;
mod messages;
mod methods;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use self::frame::{Cover, Frame};
pub(crate) use self::messages::is_shown;
use self::methods::LastAnswer;
use crate::connect::options::ConnectOptions;
use crate::error::Error;
use crate::events::Event;
use crate::host::Listener;
use crate::js::{self, Raw};
use crate::model::Integration;
use crate::sdk::Sdk;
use crate::sources::application_fields;

#[wasm_bindgen]
extern "C" {
    /// What the portal shows (`nextModalState`).
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    type Modal;
    #[wasm_bindgen(method, getter)]
    fn integration(this: &Modal) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = apiInstallationOptions)]
    fn installing(this: &Modal) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = selectedMultipleAccountTypes)]
    fn set_account_types(this: &Modal, types: &JsValue);
    #[wasm_bindgen(method, setter, js_name = selectedAccountConfig)]
    fn set_account_type(this: &Modal, account: &JsValue);
}

/// The portal's part of an instance.
#[derive(Default)]
pub(crate) struct Portal {
    frame: RefCell<Option<Frame>>,
    /// What it shows; nothing at first.
    modal: RefCell<Object>,
    /// Options of the integration that is shown (`endUserIntegrationConfig`).
    config: RefCell<JsValue>,
    /// Whether the app was told that it is open.
    is_open: Cell<bool>,
    /// What it takes from the page while it is shown.
    cover: RefCell<Cover>,
    /// What hears the page, while there is a frame or an attempt.
    listeners: RefCell<Vec<Listener>>,
    /// The last answer of a provider that it brought.
    last_answer: LastAnswer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewModal {
    integration: Raw,
    overlay_style: OverlayStyle,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    config: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    api_installation_options: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    selected_credential_id: Raw,
    #[serde(skip_serializing_if = "Option::is_none")]
    should_show_portal_after_install: Option<bool>,
}

#[derive(Serialize)]
struct OverlayStyle {
    overflow: &'static str,
}

const OVERLAY: OverlayStyle = OverlayStyle { overflow: "auto" };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndUserConfig {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    map_object_fields: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    override_redirect_url: Raw,
}

/// What apps hear of the portal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PortalEvent {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    integration_id: Raw,
    integration_type: Raw,
}

/// An error as the portal gets it: a frame of another origin cannot be sent one with all its fields.
#[derive(Serialize)]
struct PortalError {
    name: Raw,
    message: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    code: Raw,
}

impl Portal {
    fn modal(&self) -> Modal {
        self.modal.borrow().clone().unchecked_into()
    }

    /// The integration that it shows, or is to show.
    fn integration(&self) -> Option<Integration> {
        js::object(self.modal().integration())
    }

    fn is_api_installation(&self) -> bool {
        let installing: ConnectOptions = js::view(self.modal().installing());
        installing.is_api_installation().is_truthy()
    }
}

impl Sdk {
    /// Id of the credential that API calls carry while the portal shows its integration.
    pub(crate) fn credential_of_open_portal(&self) -> Option<JsString> {
        let own = self
            .portal
            .integration()
            .and_then(|open| self.user_integration(&open.app_name()));
        own.and_then(|own| js::text(own.credential_id()))
    }

    /// Shows an integration for `connect`; the frame is made where one is needed.
    pub(crate) fn show_in_portal(
        self: &Rc<Self>,
        integration: &Integration,
        options: &ConnectOptions,
        signs_in: bool,
    ) {
        let needs_no_frame = signs_in && self.is_gateway();
        if !self.is_headless.get() && !needs_no_frame {
            self.attach_portal();
        }
        let redirect_url = js::text(options.redirect_url());
        self.portal.config.replace(js::to_object(&EndUserConfig {
            map_object_fields: Raw(shown_mappings(options.mappings())),
            override_redirect_url: Raw(redirect_url.map_or(JsValue::UNDEFINED, JsValue::from)),
        }));
        let installing: Modal = options.install_options().unchecked_into();
        let shown: &ConnectOptions = installing.unchecked_ref();
        shown.set_api_installation(options.is_api_installation().is_truthy());
        let types = options.account_type();
        if js_sys::Array::is_array(&types) {
            installing.set_account_types(&types);
        }
        if let Some(account) = options.account_type_of(integration) {
            installing.set_account_type(&account);
        }
        self.show_integration(integration, options, &installing);
    }

    /// Shows an integration, with nothing left of what was shown before.
    pub(crate) fn show_integration(
        self: &Rc<Self>,
        integration: &Integration,
        options: &ConnectOptions,
        installing: &Object,
    ) {
        let values = self.values_with_dropdowns(integration, &options.dropdowns());
        self.set_modal(&NewModal {
            integration: Raw::from(integration),
            overlay_style: OVERLAY,
            config: Raw(values),
            api_installation_options: Raw::from(installing),
            selected_credential_id: Raw(options.selected_credential_id()),
            should_show_portal_after_install: Some(false),
        });
    }

    fn set_modal(self: &Rc<Self>, modal: &NewModal) {
        self.portal.modal.replace(js::to_object(modal));
        self.state_changed();
    }

    /// The portal shows nothing: a `connect` that asked for it rejects.
    pub(crate) fn clear_modal(self: &Rc<Self>) {
        self.set_modal(&NewModal {
            integration: Raw(JsValue::NULL),
            overlay_style: OVERLAY,
            config: Raw::default(),
            api_installation_options: Raw::default(),
            selected_credential_id: Raw::default(),
            should_show_portal_after_install: None,
        });
        self.pending.portal_closed();
    }

    /// Sets one part of what is shown.
    pub(crate) fn merge_modal(self: &Rc<Self>, key: &str, value: &JsValue) {
        let part = Object::new();
        js::set(&part, &key.into(), value);
        self.merge_modal_parts(&part);
    }

    fn merge_modal_parts(self: &Rc<Self>, parts: &JsValue) {
        let merged = js::merged(&self.portal.modal(), parts);
        self.portal.modal.replace(merged);
        self.state_changed();
    }

    /// Shows a failure: what was `told` of it, else the error.
    pub(crate) fn show_failure(self: &Rc<Self>, told: JsValue, error: &Error) {
        let shown = if told.is_undefined() {
            js::to_object(&PortalError {
                name: Raw(error.name()),
                message: Raw(error.message()),
                code: Raw(error.code()),
            })
        } else {
            told
        };
        self.merge_modal("connectionError", &shown);
    }

    /// `closePortal`: closes the portal for the app.
    pub(crate) fn close_portal(self: &Rc<Self>) {
        if self.portal.integration().is_some() {
            self.announce_portal_closed(true);
            self.clear_modal();
        }
    }

    /// Hides the portal. Portal-close is fired if the app was told that it is open; if it `is_closing`, also where it
    /// was not shown yet.
    pub(crate) fn announce_portal_closed(self: &Rc<Self>, is_closing: bool) {
        self.hide_portal();
        if self.portal.is_open.take() || is_closing {
            self.announce_portal(Event::PortalClose);
        }
    }

    fn announce_portal(&self, event: Event) {
        if let Some(integration) = self.portal.integration() {
            let name = integration.app_name();
            let body: JsValue = js::to_object(&PortalEvent {
                integration_id: Raw(integration.id()),
                integration_type: Raw(name.clone()),
            });
            self.announce(event, &name, &body);
        }
    }
}

/// `mapObjectFields` as the portal gets it: of an entry with loaders, which stay here, what its `applicationFields` say.
fn shown_mappings(fields: JsValue) -> JsValue {
    if !fields.is_object() {
        return fields;
    }
    let shown: Object = js::merged(&fields, &JsValue::UNDEFINED);
    for key in js::keys(&fields) {
        if let Some(mapping) =
            js::object(js::own(&fields, &key)).filter(crate::sources::has_loaders)
        {
            js::set(&shown, &key, &application_fields(&mapping));
        }
    }
    shown.into()
}
