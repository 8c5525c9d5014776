//! What the server says of a flow, read from its JSON.

use paragon_wire::flow::{FlowError, FlowStatus, FlowUpdate};
use wasm_bindgen::prelude::*;

use crate::js;

/// Reads a [`FlowUpdate`]; none where it has another form. By hand: a derived reader is a tenth of the package.
pub(super) fn read(value: &JsValue) -> Option<FlowUpdate> {
    let status = js::text(value, "status")?;
    let error = js::get(value, "error");
    Some(FlowUpdate {
        id: js::text(value, "id")?,
        version: whole_number(&js::get(value, "version"))?,
        status: FlowStatus::ALL
            .into_iter()
            .find(|one| one.as_str() == status)?,
        credential_id: js::non_empty(value, "credentialId"),
        error: js::text(&error, "code").map(|code| FlowError {
            code,
            message: js::text(&error, "message").unwrap_or_default(),
        }),
    })
}

fn whole_number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    // `|0` of the engine, checked against the value: nothing is cut off silently.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "compared with the value right after"
    )]
    let whole = number as u32;
    (f64::from(whole) - number == 0.0).then_some(whole)
}
