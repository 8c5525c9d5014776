//! Who is calling: user tokens, the keys they are verified with, and tokens for development.

mod claims;
mod generate;
mod jwks;
mod keys;
mod verify;

pub use claims::{Audience, Claims, UserId};
pub use generate::{GenerateError, KeyAlgorithm, KeyPair, mint};
pub use jwks::{JwksCache, ProjectKeys};
pub use keys::{KeyError, KeySource, VerifyingKey};
pub use verify::{Expectation, TokenError, key_id, verify};
