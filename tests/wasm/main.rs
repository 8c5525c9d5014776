//! The core in a browser, as the package's JavaScript holds it: what crosses the border, and as what.
#![cfg(target_family = "wasm")]
#![allow(clippy::expect_used, reason = "a test may fail")]

use js_sys::{Array, Function, JSON, Object, Reflect};
use paragon_connect_wasm::Paragon;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const NOTHING: JsValue = JsValue::UNDEFINED;
/// Signed by nobody, of user `u1`, valid until 2100.
const TOKEN: &str = "e30.eyJzdWIiOiJ1MSIsImV4cCI6NDEwMjQ0NDgwMH0.c2ln";

fn object(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

fn text(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

fn instance() -> Paragon {
    Paragon::new(&object(r#"{"gateway":"https://gateway.example"}"#), false).expect("an instance")
}

/// What a promise rejects with.
async fn rejection(promise: js_sys::Promise) -> JsValue {
    JsFuture::from(promise)
        .await
        .expect_err("this cannot succeed")
}

#[wasm_bindgen_test]
fn a_new_instance_has_no_user() {
    let user = instance().get_user();
    assert_eq!(field(&user, "authenticated"), false);
    assert_eq!(Object::keys(user.unchecked_ref::<Object>()).length(), 1);
}

#[wasm_bindgen_test]
fn an_error_that_is_thrown_is_one_of_the_package() {
    let Err(error) = instance().subscribe(&"onNothing".into(), &Function::new_no_args("")) else {
        panic!("there is no such event");
    };
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(
        text(&error, "message"),
        "onNothing is not valid paragon event"
    );
    assert_ne!(text(&error, "code"), "");
}

#[wasm_bindgen_test]
async fn an_error_that_rejects_is_one_of_the_package() {
    let core = instance();
    let error = rejection(core.authenticate(&"p1".into(), &"no token".into(), &NOTHING)).await;
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(
        text(&error, "message"),
        "A well-formed JWT was not provided to paragon.authenticate()"
    );
    assert_eq!(text(&error, "code"), "token_malformed");
}

#[wasm_bindgen_test]
async fn nothing_is_sent_without_a_user() {
    let calls = count_fetches();
    let core = instance();
    let error = rejection(core.request("azuredevops".into(), "/x".into(), NOTHING)).await;
    assert!(text(&error, "message").contains("no user was authenticated"));
    assert_eq!(calls.length(), 0);
    restore_fetch();
}

#[wasm_bindgen_test]
async fn unknown_fields_of_the_server_survive_and_the_token_does_not_come_out() {
    let calls = count_fetches();
    let core = instance();
    JsFuture::from(core.authenticate(&"p1".into(), &TOKEN.into(), &NOTHING))
        .await
        .expect("signs in");
    assert_eq!(calls.length(), 2);
    let user = core.get_user();
    assert_eq!(text(&user, "userId"), "u1");
    let own = field(&field(&user, "integrations"), "azuredevops");
    assert_eq!(text(&own, "ofTomorrow"), "kept");
    assert!(field(&user, "token").is_undefined());
    restore_fetch();
}

#[wasm_bindgen_test]
fn instances_share_nothing() {
    let (one, other) = (instance(), instance());
    assert_ne!(one.get_user(), other.get_user(), "each call gives a copy");
    one.logout();
    assert_eq!(field(&other.get_user(), "authenticated"), false);
}

#[wasm_bindgen(inline_js = r#"
    const native = globalThis.fetch;
    export function count_fetches() {
        const calls = [];
        globalThis.fetch = async (resource) => {
            const url = resource.url ?? String(resource);
            calls.push(url);
            const me = { authenticated: true, meta: {}, resources: [], project: {}, integrations: { azuredevops: { enabled: false, allCredentials: [], ofTomorrow: "kept" } } };
            return new Response(JSON.stringify(url.endsWith("/sdk/me") ? me : []), { headers: { "content-type": "application/json" } });
        };
        return calls;
    }
    export function restore_fetch() { globalThis.fetch = native; }
"#)]
extern "C" {
    /// Answers the SDK in the page; the list of addresses grows with each call.
    fn count_fetches() -> Array;
    fn restore_fetch();
}
