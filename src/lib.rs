//! The SDK: what runs in the host app's page, compiled to WebAssembly.
//!
//! Rules and state machines are pure; the browser parts around them are thin. Server JSON stays JavaScript values: a
//! body is parsed by the engine and handed on, never copied through WebAssembly memory.
//!
//! A call comes in through `client`, is looked up by name in `methods`, and works on one `sdk`: an instance and its
//! parts. From there:
//!
//! - `sign_in`, `session`, `store`, `jwt`, `metadata`: who is signed in, and whether that is kept over a reload
//! - `services`, `api`, `transport`, `path`: where the services are, calls as the user, and one request on the wire
//! - `request`: the provider's API through the proxy, with bodies, answers and repeats
//! - `connect`: the portal's frame, the popup, and the flow between them; `connect/flow.rs` is a pure state machine
//! - `install_flow`: connecting on the app's own pages; `install_flow/stage.rs` says what comes next
//! - `integrations`, `credentials`, `credential_state`, `account`: what the server said, and what an app's ids mean
//! - `settings`, `configurations`, `workflow`, `workflow_state`: what a user sets, triggers and switches
//! - `inputs`, `sources`: what a user is asked, and where the options of an input come from
//! - `events`, `error`, `options`: what apps hear, what they catch, what they pass
//! - `js`, `host`, `timer`: JavaScript values, the page, waiting
//!
//! What each method does is in `docs/sdk.md`; the names that apps import are in `pkg/lib/sdk.js`.

mod account;
mod api;
mod client;
mod configurations;
mod connect;
mod credential_state;
mod credentials;
mod error;
mod events;
mod host;
mod inputs;
mod install_flow;
mod integrations;
mod js;
mod jwt;
mod metadata;
mod methods;
mod options;
mod path;
mod request;
mod sdk;
mod services;
mod session;
mod settings;
mod sign_in;
mod sources;
mod store;
mod timer;
mod transport;
mod workflow;
mod workflow_state;

pub use client::Client;

/// Half the size of the allocator that the standard library brings.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
