//! `paragon-gateway workflow`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use paragon_workflow::{Problem, Workflow, read, validate};

use crate::json_input;
use crate::workflows::catalog::ProjectCatalog;

/// Arguments of `workflow`.
#[derive(Debug, Args)]
pub(super) struct WorkflowCommand {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Print the JSON Schema of definitions.
    Schema,
    /// Validate definition files and report every problem.
    Check {
        /// Definition files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Name of a secret of the project; repeatable.
        #[arg(long)]
        secret: Vec<String>,
    },
}

impl WorkflowCommand {
    /// Prints what was asked for; wrong definitions are an error.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match &self.kind {
            Kind::Schema => println!("{:#}", Workflow::schema()),
            Kind::Check { files, secret } => check(files, secret)?,
        }
        Ok(())
    }
}

fn check(files: &[PathBuf], secrets: &[String]) -> anyhow::Result<()> {
    let catalog = ProjectCatalog {
        secrets: secrets.iter().map(String::as_str).collect(),
        shared_inputs: &[],
    };
    let mut count = 0;
    for file in files {
        let name = file.display();
        let bytes = std::fs::read(file).with_context(|| format!("`{name}` cannot be read"))?;
        let definition =
            json_input::from_slice(&bytes).with_context(|| format!("`{name}` is not JSON"))?;
        let problems: Vec<Problem> = match read(&definition) {
            Ok(workflow) => validate(&workflow, &catalog),
            Err(problems) => problems,
        };
        for problem in &problems {
            println!("{name} at {problem}");
        }
        count += problems.len();
    }
    anyhow::ensure!(count == 0, "{count} problems");
    Ok(())
}
