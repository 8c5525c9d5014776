//! Unguessable ids and their hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

/// 256 random bits from the operating system, in unpadded base64url (43 characters).
///
/// # Panics
/// When the operating system has no randomness: nothing safe can be done then.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// `N` random bytes from the operating system.
///
/// # Panics
/// As [`token`].
#[expect(
    clippy::expect_used,
    reason = "without randomness no secret is safe: stop"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng
        .try_fill_bytes(&mut bytes)
        .expect("the operating system gives random bytes");
    bytes
}

/// SHA-256 of a secret id in base64url: what the database keeps of tickets, states and cookies.
pub fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}
