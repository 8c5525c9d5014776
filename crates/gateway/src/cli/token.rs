//! `paragon-gateway token`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::dev_keys::DevKeys;
use crate::clock::Clock;
use crate::identity::{Audience, Claims, mint};

/// Arguments of `token`.
#[derive(Debug, Args)]
pub(super) struct Token {
    /// User ID (`sub`).
    #[arg(long)]
    user: String,
    /// Private key in PEM; by default the key of `paragon-gateway dev`, for project `demo`.
    #[arg(long)]
    key: Option<PathBuf>,
    /// Data folder of `paragon-gateway dev`.
    #[arg(long, default_value = "paragon-data")]
    data: PathBuf,
    /// Audience (`aud`).
    #[arg(long)]
    audience: Option<String>,
    /// Lifetime in seconds.
    #[arg(long, default_value_t = 3600, value_parser = clap::value_parser!(i64).range(1..=30 * 24 * 3600))]
    expires_in: i64,
}

impl Token {
    /// Prints the token.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let pem = match &self.key {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("`{}` cannot be read", file.display()))?,
            None => DevKeys::read(&self.data)?.signing.private_pem,
        };
        let now = Clock::system().now().div_euclid(1000);
        let claims = Claims {
            sub: Some(self.user.clone()),
            id: None,
            exp: now.saturating_add(self.expires_in),
            iat: Some(now),
            nbf: None,
            aud: self.audience.clone().map(Audience::One),
        };
        println!("{}", mint(&pem, &claims)?);
        Ok(())
    }
}
