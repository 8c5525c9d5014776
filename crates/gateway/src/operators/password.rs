//! Operators' passwords: argon2id (RFC 9106) with the parameters of OWASP's "Password Storage Cheat Sheet".

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{Output, PasswordHash, PasswordHasher as _, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;
use zeroize::{Zeroize as _, Zeroizing};

use crate::random;

/// 19 MiB, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes that are checked at the same time: each takes a processor, and memory that is kept for the next.
const AT_ONCE: usize = 2;
/// Shortest password, in characters.
pub const MIN_CHARS: usize = 12;
/// Longest password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// A password cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short, too long.
    #[error("a password must have at least {MIN_CHARS} characters and at most {MAX_BYTES} bytes")]
    Length,
    /// The hash cannot be made.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

/// Makes and checks hashes, a few at a time, in memory that is there once.
///
/// Memory of such size that is asked for and given back on many threads stays with the allocator, some for each thread.
#[derive(Debug)]
pub struct Passwords {
    permits: Semaphore,
    buffers: Arc<Buffers>,
    /// Hash of a password that nobody has: an unknown account takes as long as a wrong password.
    nobody: String,
}

impl Passwords {
    /// Ready to check passwords.
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self {
            permits: Semaphore::new(AT_ONCE),
            buffers: Arc::default(),
            nobody: hash_now(random::token().as_bytes())?,
        })
    }

    /// Whether `password` is the one of `hash` (PHC string); without a hash it never is, after the same time.
    pub async fn verify(&self, password: SecretString, hash: Option<&str>) -> bool {
        let Ok(_permit) = self.permits.acquire().await else {
            return false;
        };
        let (is_known, fits) = (hash.is_some(), password.expose_secret().len() <= MAX_BYTES);
        // Nobody has such a password, and it would take longer.
        let password = if fits {
            password
        } else {
            SecretString::default()
        };
        let hash = hash.unwrap_or(&self.nobody).to_owned();
        let buffers = Arc::clone(&self.buffers);
        let verified = tokio::task::spawn_blocking(move || {
            let mut blocks = buffers.take();
            let is_right = is_password(password.expose_secret().as_bytes(), &hash, &mut blocks);
            buffers.give_back(blocks);
            is_right.unwrap_or(false)
        })
        .await;
        verified.unwrap_or(false) && is_known
    }
}

/// The memory that hashes are made in: at most one piece for each permit, made when it is first needed.
#[derive(Default)]
struct Buffers(Mutex<Vec<Vec<Block>>>);

impl std::fmt::Debug for Buffers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Buffers")
    }
}

impl Buffers {
    fn take(&self) -> Vec<Block> {
        self.free().pop().unwrap_or_default()
    }

    /// What is left of a password in it goes first.
    fn give_back(&self, mut blocks: Vec<Block>) {
        for block in &mut blocks {
            block.zeroize();
        }
        self.free().push(blocks);
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `password` is the one of `hash`, worked out in `blocks`; `None` when it is no hash of this kind.
fn is_password(password: &[u8], hash: &str, blocks: &mut Vec<Block>) -> Option<bool> {
    let parsed = PasswordHash::new(hash).ok()?;
    let algorithm = Algorithm::try_from(parsed.algorithm).ok()?;
    let version = Version::try_from(parsed.version?).ok()?;
    let params = Params::try_from(&parsed).ok()?;
    let (salt, expected) = (parsed.salt?, parsed.hash?);
    let mut salt_bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut salt_bytes).ok()?;
    let needed = params.block_count();
    if blocks.len() < needed {
        blocks.resize(needed, Block::default());
    }
    let mut made = Zeroizing::new([0; Output::MAX_LENGTH]);
    let made = made.get_mut(..expected.len())?;
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, made, blocks.get_mut(..needed)?)
        .ok()?;
    Some(bool::from(made.ct_eq(expected.as_bytes())))
}

/// The hash of a new password, as PHC string.
///
/// # Errors
/// [`PasswordError::Length`].
pub fn hash(password: &SecretString) -> Result<String, PasswordError> {
    let password = password.expose_secret();
    if password.chars().count() < MIN_CHARS || password.len() > MAX_BYTES {
        return Err(PasswordError::Length);
    }
    hash_now(password.as_bytes())
}

fn hash_now(password: &[u8]) -> Result<String, PasswordError> {
    let failed = |error: &dyn std::fmt::Display| PasswordError::Hash(error.to_string());
    let salt = SaltString::encode_b64(&random::bytes::<16>()).map_err(|error| failed(&error))?;
    let hash = hasher()?
        .hash_password(password, &salt)
        .map_err(|error| failed(&error))?;
    Ok(hash.to_string())
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let passwords = Passwords::new().expect("a hasher");
        let secret = |text: &str| SecretString::from(text.to_owned());
        let hashed = hash(&secret("correct horse battery")).expect("a hash");
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let right = secret("correct horse battery");
        assert!(passwords.verify(right.clone(), Some(&hashed)).await);
        let wrong = secret("correct horse batterz");
        assert!(!passwords.verify(wrong, Some(&hashed)).await);
        assert!(!passwords.verify(right.clone(), None).await);
        assert!(!passwords.verify(right, Some("not a hash")).await);
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        for text in ["elevenchars", &"a".repeat(MAX_BYTES + 1)] {
            assert!(hash(&text.to_owned().into()).is_err(), "{}", text.len());
        }
    }
}
