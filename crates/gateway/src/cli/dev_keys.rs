//! Keys of `paragon-gateway dev`, made once and kept in files beside the database.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::identity::{KeyAlgorithm, KeyPair};
use crate::vault::Vault;
use crate::{private_files, random};

const VAULT_KEY: &str = "vault.key";
const PRIVATE_KEY: &str = "signing-private.pem";
const PUBLIC_KEY: &str = "signing-public.pem";
/// File with the password of the dashboard's operator.
pub(super) const OPERATOR_PASSWORD: &str = "operator-password";

/// Keys for development.
pub(super) struct DevKeys {
    /// Seals secrets.
    pub(super) vault: SecretString,
    /// Signs the demo app's user tokens.
    pub(super) signing: KeyPair,
}

impl DevKeys {
    /// Reads the keys in `folder`.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let file = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("`{}` cannot be read; has `paragon-gateway dev` run here? Name its folder with --data, or a key with --key", path.display()))
        };
        let signing = KeyPair {
            private_pem: file(PRIVATE_KEY)?,
            public_pem: file(PUBLIC_KEY)?,
        };
        Ok(Self {
            vault: file(VAULT_KEY)?.trim().to_owned().into(),
            signing,
        })
    }

    /// Reads the keys in `folder`, or makes them.
    pub(super) fn read_or_make(folder: &Path) -> anyhow::Result<Self> {
        private_files::folder(folder)?;
        for name in [VAULT_KEY, PRIVATE_KEY, PUBLIC_KEY, OPERATOR_PASSWORD] {
            private_files::file(&folder.join(name))?;
        }
        if folder.join(PUBLIC_KEY).is_file() {
            return Self::read(folder);
        }
        let (vault, signing) = (
            Vault::generate_key(),
            KeyPair::generate(KeyAlgorithm::Es256)?,
        );
        write_private(&folder.join(VAULT_KEY), vault.expose_secret())?;
        write_private(&folder.join(PRIVATE_KEY), &signing.private_pem)?;
        // Last: its presence says that the others are complete.
        write_private(&folder.join(PUBLIC_KEY), &signing.public_pem)?;
        Ok(Self { vault, signing })
    }
}

/// Reads the password of the dashboard's operator, or makes one.
pub(super) fn operator_password(folder: &Path) -> anyhow::Result<SecretString> {
    let path = folder.join(OPERATOR_PASSWORD);
    if path.is_file() {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("`{}` cannot be read", path.display()))?;
        return Ok(text.trim().to_owned().into());
    }
    let password = random::token();
    write_private(&path, &password)?;
    Ok(password.into())
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(path)
        .with_context(|| format!("`{}` cannot be written", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("`{}` cannot be written", path.display()))
}
