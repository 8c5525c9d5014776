//! The SDK's core: what runs in the host app's page, compiled to WebAssembly.
//!
//! Rules and state machines are Rust; what they work on are JavaScript values, held by handle ([`value`]): an unknown
//! field of the server's JSON survives, no body is copied into WebAssembly memory, and the state of an instance is a
//! JavaScript object ([`sdk`]) that the engine frees. Nothing waits here: a promise goes on with a step ([`steps`]).
//!
//! | for | see |
//! |---|---|
//! | what JavaScript calls | [`client`], [`methods`], [`steps`] |
//! | signing in, API calls, `request` | [`sign_in`], [`session`], [`api`], [`request`] |
//! | connecting an account | [`connect`], [`install_flow`] |
//! | what is known of integrations and accounts | [`integrations`], [`credentials`], [`credential_state`], [`account`] |
//! | settings, workflows, inputs and their options | [`settings`], [`configurations`], [`workflow`], [`inputs`], [`sources`] |
#![expect(
    clippy::unnecessary_wraps,
    reason = "all methods have one form, and all steps"
)]
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "those who read about the core work on it"
)]

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
mod steps;
mod store;
mod value;
mod workflow;
mod workflow_state;

pub use client::{call, name, open, resume};

/// Half the size of the allocator that the standard library brings.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
