//! Seals secrets with XChaCha20-Poly1305 under keys that never stand in the database.
//!
//! A sealed secret names its key, so that keys can be rotated: the first key seals, every key opens.
//! The associated data ties a ciphertext to its row; moved to another row it does not open.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::random;

const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;

/// What can be wrong with keys and sealed secrets.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VaultError {
    /// No key at all.
    #[error(
        "no vault key is set; make one with `paragon-gateway keys vault` and set `vault_keys` or PARAGON_VAULT_KEYS"
    )]
    NoKey,
    /// A key is not 32 bytes of base64.
    #[error(
        "vault key number {0} is not 32 bytes in base64; make one with `paragon-gateway keys vault`"
    )]
    BadKey(usize),
    /// A key that anybody would try first.
    #[error(
        "vault key number {0} is not a random key but a pattern, such as all zeros; make one with `paragon-gateway keys vault`"
    )]
    WeakKey(usize),
    /// The database holds secrets sealed with a key that was not given.
    #[error(
        "the database holds secrets sealed with vault key `{0}`, which is not among the configured keys; add it to `vault_keys` (first key seals, the others only open)"
    )]
    MissingKey(String),
    /// Wrong key, wrong row or a changed ciphertext.
    #[error("a sealed secret cannot be opened: it was changed or belongs to another row")]
    CannotOpen,
    /// The secret could not be sealed.
    #[error("a secret cannot be sealed")]
    CannotSeal,
}

/// A secret as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Id of the key that sealed it.
    pub key_id: String,
    /// Nonce (24 bytes), then ciphertext and tag.
    pub bytes: Vec<u8>,
}

impl Sealed {
    /// As one word, for a cookie.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.key_id, URL_SAFE_NO_PAD.encode(&self.bytes))
    }

    /// Reads what [`Sealed::to_text`] made.
    pub fn from_text(text: &str) -> Option<Self> {
        let (key_id, bytes) = text.split_once('.')?;
        Some(Self {
            key_id: key_id.to_owned(),
            bytes: URL_SAFE_NO_PAD.decode(bytes).ok()?,
        })
    }
}

/// Holds the keys.
pub struct Vault {
    keys: Vec<(String, XChaCha20Poly1305)>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}

impl Vault {
    /// A vault with these keys (32 bytes in base64 each); the first one seals.
    pub fn new(keys: &[SecretString]) -> Result<Self, VaultError> {
        if keys.is_empty() {
            return Err(VaultError::NoKey);
        }
        let parse = |(index, key): (usize, &SecretString)| {
            let text = key.expose_secret().trim();
            let bytes = STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text))
                .map(Zeroizing::new)
                .ok()
                .filter(|bytes| bytes.len() == KEY_BYTES)
                .ok_or(VaultError::BadKey(index + 1))?;
            if is_pattern(&bytes) {
                return Err(VaultError::WeakKey(index + 1));
            }
            Ok((
                key_id(&bytes),
                XChaCha20Poly1305::new(Key::from_slice(&bytes)),
            ))
        };
        Ok(Self {
            keys: keys
                .iter()
                .enumerate()
                .map(parse)
                .collect::<Result<_, _>>()?,
        })
    }

    /// A new key as it is written in the configuration.
    pub fn generate_key() -> SecretString {
        STANDARD.encode(random::bytes::<KEY_BYTES>()).into()
    }

    /// Seals `secret` for the row that `row` names.
    pub fn seal(&self, secret: &[u8], row: &str) -> Result<Sealed, VaultError> {
        let (key_id, cipher) = self.keys.first().ok_or(VaultError::NoKey)?;
        let nonce = random::bytes::<NONCE_BYTES>();
        let associated = associated_data(key_id, row);
        let payload = Payload {
            msg: secret,
            aad: associated.as_bytes(),
        };
        let ciphertext = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| VaultError::CannotSeal)?;
        Ok(Sealed {
            key_id: key_id.clone(),
            bytes: [nonce.as_slice(), &ciphertext].concat(),
        })
    }

    /// Opens what [`Vault::seal`] made for the same row.
    pub fn open(&self, sealed: &Sealed, row: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (key_id, cipher) = self
            .keys
            .iter()
            .find(|(id, _)| *id == sealed.key_id)
            .ok_or_else(|| VaultError::MissingKey(sealed.key_id.clone()))?;
        let (nonce, ciphertext) = sealed
            .bytes
            .split_at_checked(NONCE_BYTES)
            .ok_or(VaultError::CannotOpen)?;
        let associated = associated_data(key_id, row);
        let payload = Payload {
            msg: ciphertext,
            aad: associated.as_bytes(),
        };
        cipher
            .decrypt(XNonce::from_slice(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::CannotOpen)
    }

    /// Id of the key that seals.
    pub fn sealing_key_id(&self) -> &str {
        self.keys.first().map_or("", |(id, _)| id)
    }

    /// Ids of the keys, as they are configured: the first one seals.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(id, _)| id.as_str())
    }

    /// Checks at start that every key the database needs is here.
    pub fn check_keys(&self, used: &BTreeSet<String>) -> Result<(), VaultError> {
        match used
            .iter()
            .find(|used| !self.keys.iter().any(|(id, _)| id == *used))
        {
            Some(missing) => Err(VaultError::MissingKey(missing.clone())),
            None => Ok(()),
        }
    }
}

/// A key's id is a hash of the key, so an id can never name the wrong key.
fn key_id(key: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(b"paragon vault key id")
        .chain_update(key)
        .finalize();
    URL_SAFE_NO_PAD.encode(&digest[..9])
}

fn associated_data(key_id: &str, row: &str) -> String {
    format!("paragon-vault-1\n{key_id}\n{row}")
}

/// Whether the bytes cannot be a random key: few different ones, or each as far from the one before. Of 32 random bytes
/// fewer than 8 are different in one of 10^39 cases.
fn is_pattern(key: &[u8]) -> bool {
    let different: BTreeSet<_> = key.iter().collect();
    let steps: BTreeSet<_> = key
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]))
        .collect();
    different.len() < 8 || steps.len() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&[Vault::generate_key()]).expect("a generated key is good")
    }

    #[test]
    fn opens_what_it_sealed() {
        let vault = vault();
        let sealed = vault.seal(b"refresh token", "credential/1").expect("seals");
        assert_eq!(
            vault
                .open(&sealed, "credential/1")
                .expect("opens")
                .as_slice(),
            b"refresh token"
        );
        assert!(!sealed.bytes.windows(7).any(|window| window == b"refresh"));
    }

    #[test]
    fn refuses_a_ciphertext_moved_to_another_row() {
        let vault = vault();
        let sealed = vault.seal(b"secret", "credential/1").expect("seals");
        assert_eq!(
            vault.open(&sealed, "credential/2").err(),
            Some(VaultError::CannotOpen)
        );
    }

    #[test]
    fn refuses_every_changed_byte() {
        let vault = vault();
        let sealed = vault.seal(b"secret", "row").expect("seals");
        for index in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[index] ^= 1;
            assert_eq!(
                vault.open(&changed, "row").err(),
                Some(VaultError::CannotOpen)
            );
        }
        let short = Sealed {
            bytes: vec![1; 5],
            ..sealed
        };
        assert_eq!(
            vault.open(&short, "row").err(),
            Some(VaultError::CannotOpen)
        );
    }

    #[test]
    fn an_older_key_still_opens_and_a_missing_one_is_named() {
        let (old, new) = (Vault::generate_key(), Vault::generate_key());
        let sealed = Vault::new(std::slice::from_ref(&old))
            .expect("key")
            .seal(b"secret", "row")
            .expect("seals");
        let rotated = Vault::new(&[new.clone(), old]).expect("keys");
        assert!(rotated.open(&sealed, "row").is_ok());
        assert_ne!(
            rotated.seal(b"x", "row").expect("seals").key_id,
            sealed.key_id
        );
        let without = Vault::new(&[new]).expect("key");
        let used = BTreeSet::from([sealed.key_id.clone()]);
        assert_eq!(
            without.check_keys(&used),
            Err(VaultError::MissingKey(sealed.key_id))
        );
        assert_eq!(rotated.check_keys(&used), Ok(()));
    }

    #[test]
    fn bad_keys_are_named() {
        assert_eq!(Vault::new(&[]).err(), Some(VaultError::NoKey));
        let keys = [Vault::generate_key(), SecretString::from("c2hvcnQ=")];
        assert_eq!(Vault::new(&keys).err(), Some(VaultError::BadKey(2)));
    }
}
