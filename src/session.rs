//! What the server said about the user, and what the user token says. No network.

use crate::error::refuse;
use crate::jwt;
use crate::sdk::Sdk;
use crate::value::{self, Outcome, TRUE, Value, made_text, new_list, new_object, t};

/// Takes over what `GET /sdk/me` said.
pub(crate) fn take_user(sdk: Sdk, user_id: Value, me: Value) {
    let integrations = me.get(t!("integrations"));
    for name in integrations.keys().iter() {
        let own = integrations.own(name);
        if own.is_object() {
            own.set(t!("allConfigurations"), all_configurations(own));
        }
    }
    let user = new_object()
        .set(t!("authenticated"), TRUE)
        .add(t!("userId"), user_id)
        .add(t!("integrations"), integrations)
        .add(t!("meta"), me.get(t!("meta")))
        .add(t!("resources"), me.get(t!("resources")));
    sdk.set(t!("user"), user);
    sdk.set(t!("project"), me.get(t!("project")));
}

/// The configurations of all credentials of a user's integration, in order.
pub(crate) fn all_configurations(own: Value) -> Value {
    let all = new_list();
    for credential in own.items(t!("allCredentials")).iter() {
        for configuration in credential.items(t!("configurations")).iter() {
            all.push(configuration);
        }
    }
    all
}

/// The payload of a user token.
///
/// # Errors
/// When it is no JWT. Its signature is the server's business.
pub(crate) fn read_token(token: Value) -> Outcome {
    let payload =
        jwt::payload(&token.to_bytes()).and_then(|text| made_text(&text).parse().record());
    match payload {
        Some(payload) => Ok(payload),
        None => refuse(
            t!("token_malformed"),
            t!("A well-formed JWT was not provided to paragon.authenticate()"),
        ),
    }
}

/// Whether `exp` of a token's payload has passed or is missing.
pub(crate) fn is_expired(payload: Value) -> bool {
    let left_ms = payload.get(t!("exp")).to_number() * 1000.0 - value::now_ms();
    left_ms.is_nan() || left_ms <= 0.0
}
