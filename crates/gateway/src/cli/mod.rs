//! Commands of the `paragon-gateway` program.

mod dev;
mod dev_keys;
mod keys;
mod logging;
mod migrate;
mod openapi;
mod operator;
mod serve;
mod server;
mod token;
mod workflow;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config::{self, Config, Overrides};

/// Self-hosted server for paragon-connect-wasm.
#[derive(Debug, Parser)]
#[command(name = "paragon-gateway", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run locally with a Microsoft simulator, a demo app and an embedded database.
    Dev(dev::Dev),
    /// Run with the projects of the configuration.
    Serve(Configured),
    /// Create a user token for development, as your backend would.
    Token(token::Token),
    /// Generate keys for sealing secrets or signing user tokens, or rotate vault keys.
    Keys(keys::Keys),
    /// Validate workflow definitions, or print their JSON Schema.
    Workflow(workflow::WorkflowCommand),
    /// Print the OpenAPI document of every route.
    Openapi,
    /// Manage the operators of the dashboard.
    Operator(operator::OperatorCommand),
    /// Migrate the database and check the vault keys, without serving.
    Migrate(Configured),
}

/// Where the configuration comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct Configured {
    /// Configuration file; `paragon-gateway.toml` is read when it exists.
    #[arg(long, env = "PARAGON_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
}

impl Configured {
    fn load(&self) -> anyhow::Result<Config> {
        Ok(config::load(self.config.as_deref(), &self.overrides)?)
    }
}

impl Cli {
    /// Runs the command to its end.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Dev(command) => block_on(command.run()),
            Command::Serve(configured) => block_on(serve::run(configured.load()?)),
            Command::Token(command) => command.run(),
            Command::Keys(command) => command.run(),
            Command::Workflow(command) => command.run(),
            Command::Openapi => openapi::run(),
            Command::Operator(command) => block_on(command.run()),
            Command::Migrate(configured) => block_on(migrate::run(configured.load()?)),
        }
    }
}

fn block_on(command: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(command)
}
