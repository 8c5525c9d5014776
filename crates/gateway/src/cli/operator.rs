//! `paragon-gateway operator`: who may sign in to the dashboard.

use std::io::{IsTerminal as _, stdin};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret as _, SecretString};

use super::Configured;
use crate::clock::{Clock, rfc3339};
use crate::operators;
use crate::operators::Role;
use crate::operators::service::Change;
use crate::store::Store;

/// Arguments of `operator`.
#[derive(Debug, Args)]
pub(super) struct OperatorCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add an operator; prompts for the password, or reads it from standard input.
    Add {
        /// Email address.
        email: String,
        /// Role: viewers read, editors change settings, admins also manage secrets.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// List the operators.
    List,
    /// Remove an operator and end their sessions.
    Remove {
        /// Email address.
        email: String,
    },
    /// Change an operator's password and end their sessions; prompts for it, or reads it from standard input.
    SetPassword {
        /// Email address.
        email: String,
    },
    /// Change an operator's role and end their sessions.
    SetRole {
        /// Email address.
        email: String,
        /// The new role.
        #[arg(value_enum)]
        role: Role,
    },
}

impl OperatorCommand {
    /// Runs the command against the configured database; a gateway that runs on it need not be stopped.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.configured.load()?;
        let store = Store::open(&config.database).await?;
        let done = run(&store, self.action).await;
        store.close().await;
        done
    }
}

async fn run(store: &Store, action: Action) -> anyhow::Result<()> {
    let change = Change {
        actor: "command line",
        at: Clock::system().now(),
        keeps_admin: false,
    };
    match action {
        Action::Add { email, role } => {
            let password = read_password()?;
            let added = operators::service::add(store, change, &email, role, &password).await?;
            println!("{} was added as {}", added.email, role.as_str());
        }
        Action::List => {
            for row in store.operators().await? {
                let (operator, since) = (row.operator, rfc3339(row.created_at));
                println!("{}\t{}\t{since}", operator.email, operator.role.as_str());
            }
        }
        Action::Remove { email } => {
            operators::service::remove(store, change, &email).await?;
            println!("{email} was removed");
        }
        Action::SetPassword { email } => {
            let password = read_password()?;
            operators::service::set_password(store, change, &email, &password).await?;
            println!("{email} has a new password; their sessions have ended");
        }
        Action::SetRole { email, role } => {
            operators::service::set_role(store, change, &email, role).await?;
            println!(
                "{email} has the role {} now; their sessions have ended",
                role.as_str()
            );
        }
    }
    Ok(())
}

/// Asks twice at a terminal; else the first line of standard input is the password.
fn read_password() -> anyhow::Result<SecretString> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin()
            .read_line(&mut line)
            .context("the password cannot be read from standard input")?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        return Ok(password.into());
    }
    let first: SecretString = rpassword::prompt_password("Password: ")?.into();
    let second: SecretString = rpassword::prompt_password("Repeat: ")?.into();
    ensure!(
        first.expose_secret() == second.expose_secret(),
        "the two passwords differ; nothing was changed"
    );
    Ok(first)
}
