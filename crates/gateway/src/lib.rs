//! The gateway: verifies user tokens, connects accounts over OAuth, keeps credentials sealed, proxies API requests
//! and serves the pages that users see.

pub mod admission;
pub mod app;
pub mod azure_devops;
pub mod caller;
pub mod change_signal;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod display_text;
pub mod error;
pub mod http;
pub mod identity;
pub mod json_input;
pub mod limits;
pub mod locks;
mod loopback;
pub mod oauth;
pub mod operator;
pub mod pages;
pub mod password;
pub mod private_files;
pub mod project;
pub mod proxy;
pub mod proxy_calls;
pub mod random;
pub mod router;
pub mod routes;
pub mod sandbox;
pub mod secret_field;
pub mod service;
pub mod serving;
pub mod store;
pub mod vault;
pub mod workflow;
