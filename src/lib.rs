//! The SDK: what runs in the host app's page, compiled to WebAssembly.
//!
//! Rules and state machines are pure; the browser parts around them are thin. Server JSON stays JavaScript values: a
//! body is parsed by the engine and handed on, never copied through WebAssembly memory.

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
