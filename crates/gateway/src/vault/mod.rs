//! Secrets at rest: sealed, opened, and sealed again when the key changes.

mod keys;
pub mod reseal;
pub mod store;

pub use keys::{Sealed, Vault, VaultError};
