//! What the SDK and the gateway must agree on, written once.
//!
//! Pure data and rules: no I/O, no clock, no randomness, no browser and no server types.

pub mod error_code;
pub mod flow;
pub mod header;
pub mod integration;

pub use error_code::{ErrorBody, ErrorCode, ErrorDetail, ProviderError};
