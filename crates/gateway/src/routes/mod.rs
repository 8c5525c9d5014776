//! Handlers: extract, call a service, map the result. One file a noun.

pub mod actions;
pub mod configurations;
pub mod connect;
pub mod credentials;
pub mod dashboard;
pub mod demo;
pub mod flows;
pub mod health;
pub mod hooks;
pub mod integrations;
pub mod me;
pub mod oauth;
pub mod pages;
pub mod proxy;
pub mod resources;
pub mod runs;
pub mod session;
pub mod triggers;
pub mod workflows;
