//! The gateway: verifies user tokens, connects accounts over OAuth, keeps credentials sealed, proxies API requests
//! and serves the pages that users see.

pub mod clock;
pub mod config;
pub mod error;
pub mod http;
pub mod identity;
pub mod oauth;
pub mod project;
pub mod random;
pub mod store;
pub mod vault;
