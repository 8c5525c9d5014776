//! `cargo xtask demo`: from a clone to a page that connects accounts.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::ensure;

use crate::build::gateway::For;
use crate::{build, shell};

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Port of the demo; the simulated Microsoft gets the next one.
    #[arg(long, default_value_t = 4400, value_parser = clap::value_parser!(u16).range(1024..=65534))]
    port: u16,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

impl Demo {
    /// Builds, serves, and stops everything on Ctrl-C.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        // Before the build: nobody should wait minutes to learn this.
        for port in [self.port, self.port + 1] {
            ensure!(
                is_free(port),
                "port {port} is taken by another program; stop it, or choose another port: cargo xtask demo --port {}",
                self.port.saturating_add(10)
            );
        }
        build::all(root)?;
        let gateway = build::gateway::build(root, For::Demo)?;
        shell::step("Starting");
        self.serve(root, &gateway)
    }

    fn serve(&self, root: &Path, gateway: &Path) -> anyhow::Result<()> {
        static CHILD: AtomicU32 = AtomicU32::new(0);
        // The gateway gets Ctrl-C from the terminal by itself; SIGTERM to this process has to be passed on.
        ctrlc::set_handler(|| stop(CHILD.load(Ordering::SeqCst)))?;
        let mut command = Command::new(gateway);
        command
            .arg("dev")
            .arg("--port")
            .arg(self.port.to_string())
            .arg("--data")
            .arg(root.join("paragon-data"));
        let success = shell::run_watched_child(
            &mut command,
            |id| CHILD.store(id, Ordering::SeqCst),
            |line| {
                if let Some(url) = line.strip_prefix("demo: ").filter(|_| !self.no_open) {
                    open(url);
                }
            },
        )?;
        ensure!(success, "the gateway stopped with an error");
        Ok(())
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn stop(child: u32) {
    if child != 0 {
        let _ = Command::new("kill").arg(child.to_string()).status();
    }
}

/// Opens a browser where there is one; the address stands on the screen anyway.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let _ = Command::new(opener)
        .arg(url)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
}
