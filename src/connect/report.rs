//! What the gateway reports of a flow, and what app and portal are told of it.

use js_sys::Function;
use paragon_wire::flow::FlowStatus;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::flow::Flow;
use crate::error::Error;
use crate::js::{self, Raw};
use crate::model::Entity;

#[wasm_bindgen]
extern "C" {
    /// A flow, as the gateway reports it.
    #[wasm_bindgen(extends = Entity)]
    pub(crate) type Report;
    #[wasm_bindgen(method, getter)]
    pub(super) fn version(this: &Report) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Report) -> JsValue;
}

/// Where a flow stands, for the app and the portal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FlowState {
    status: &'static str,
    popup_closed: bool,
    blocked: bool,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    reopen: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    cancel: Raw,
}

impl FlowState {
    /// Where `flow` stands.
    pub(super) fn of(flow: Flow) -> Self {
        Self {
            status: flow.status.as_str(),
            popup_closed: flow.looks_closed,
            blocked: flow.is_blocked,
            reopen: Raw::default(),
            cancel: Raw::default(),
        }
    }

    /// The same with what the app can do about it.
    pub(super) fn with(self, reopen: Function, cancel: Function) -> Self {
        Self {
            reopen: Raw(reopen.into()),
            cancel: Raw(cancel.into()),
            ..self
        }
    }
}

impl Report {
    /// The error of a report that says `failed`, or that names no credential.
    pub(super) fn failure(&self) -> Error {
        let error: Entity = js::view(self.error());
        let default = if self.status() == FlowStatus::Connected.as_str() {
            "the server named no credential"
        } else {
            "the connection failed"
        };
        Error::oauth_failed(
            js::truthy(error.code()).unwrap_or_else(|| "internal".into()),
            &js::truthy(error.message()).unwrap_or_else(|| default.into()),
        )
    }
}
