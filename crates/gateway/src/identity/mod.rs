//! Who is calling: user tokens, the keys they are verified with, and tokens for development.

pub mod caller;
mod claims;
mod generate;
mod id_token;
mod jwk_set;
mod jwks;
mod keys;
mod numeric_date;
mod pem_text;
mod verified;
mod verify;

pub use claims::{Audience, Claims, UserId};
pub use generate::{GenerateError, KeyAlgorithm, KeyPair, mint};
pub use id_token::{IdExpectation, IdTokenError, Profile, verify_id_token};
pub use jwks::{JwksCache, JwksError, ProjectKeys};
pub use keys::{KeyError, KeySource, VerifyingKey};
pub use verified::VerifiedTokens;
pub use verify::{Expectation, TokenError, Verified, key_id, verify};
