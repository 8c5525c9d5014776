//! The `paragon-gateway` program: parses arguments and runs one command.

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;
use paragon_gateway::cli::Cli;

/// Much of a proxied request is small allocations, often freed by another thread than their own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paragon-gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}
