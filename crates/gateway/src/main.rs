//! The `paragon-gateway` program: parses arguments and runs one command.

use std::process::ExitCode;

use clap::Parser as _;
use paragon_gateway::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paragon-gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}
