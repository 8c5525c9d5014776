//! Serves the sandbox alone: `cargo run --example sandbox -- --port 0` prints its address.

use anyhow::Context as _;
use clap::Parser;
use paragon_sandbox::{Sandbox, SandboxConfig};

/// Arguments.
#[derive(Parser)]
struct Arguments {
    /// Port on localhost; 0 picks a free one.
    #[arg(long, default_value_t = 4401)]
    port: u16,
    /// Another redirect URI for the development app; may be repeated.
    #[arg(long)]
    redirect_uri: Vec<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments.port))
        .await
        .context("port is taken")?;
    let base = format!("http://localhost:{}", listener.local_addr()?.port());
    let mut config = SandboxConfig::new(base.parse()?);
    for app in &mut config.apps {
        app.redirect_uris
            .extend(arguments.redirect_uri.iter().cloned());
    }
    #[expect(clippy::print_stdout, reason = "the address is the program's output")]
    {
        println!("{base}");
    }
    axum::serve(listener, Sandbox::new(config).router()).await?;
    Ok(())
}
