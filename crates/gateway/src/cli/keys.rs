//! `paragon-gateway keys`.

mod rotate;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::Configured;
use crate::identity::{KeyAlgorithm, KeyPair};
use crate::vault::Vault;

/// Arguments of `keys`.
#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Generate a key that seals secrets; keep it outside the database, in `PARAGON_VAULT_KEYS='["…"]'`.
    Vault,
    /// Generate a key pair for user tokens: the private key is for your backend, the public key for `signing_keys`.
    Signing {
        /// Algorithm.
        #[arg(long, value_enum, default_value = "es256")]
        algorithm: KeyAlgorithm,
    },
    /// Re-seal all secrets with the first of `vault_keys` and report which keys can be removed; gateways keep running.
    Rotate(Configured),
}

impl Keys {
    /// Prints the new key, which is stored nowhere; or seals with the one that is configured.
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self.kind {
            Kind::Rotate(configured) => return super::block_on(rotate::run(configured.load()?)),
            Kind::Vault => println!("{}", Vault::generate_key().expose_secret()),
            Kind::Signing { algorithm } => {
                let pair = KeyPair::generate(algorithm)?;
                println!("{}\n{}", pair.private_pem.trim(), pair.public_pem.trim());
            }
        }
        Ok(())
    }
}
