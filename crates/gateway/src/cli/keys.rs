//! `paragon-gateway keys`.

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

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
    /// A key that seals secrets in the database: keep it outside the database, in `PARAGON_VAULT_KEYS='["…"]'`.
    Vault,
    /// A key pair for user tokens: the private half is for your backend, the public half for `signing_keys`.
    Signing {
        /// Algorithm.
        #[arg(long, value_enum, default_value = "es256")]
        algorithm: KeyAlgorithm,
    },
}

impl Keys {
    /// Prints the new key; it is stored nowhere.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self.kind {
            Kind::Vault => println!("{}", Vault::generate_key().expose_secret()),
            Kind::Signing { algorithm } => {
                let pair = KeyPair::generate(algorithm)?;
                println!("{}\n{}", pair.private_pem.trim(), pair.public_pem.trim());
            }
        }
        Ok(())
    }
}
