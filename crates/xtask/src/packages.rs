//! Packages of the distribution.

use std::process::Command;

use crate::shell;

/// Installs packages of the distribution; false where that is not this user's to do.
pub fn install(packages: &[&str], options: &[&str]) -> anyhow::Result<bool> {
    if !(is_root() && shell::exists("apt-get")) {
        return Ok(false);
    }
    shell::step(&format!("Installing {}", packages.join(" and ")));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    shell::run(apt().args(["update", "-qq"]))?;
    shell::run(
        apt()
            .args(["install", "-y", "-qq"])
            .args(options)
            .args(packages),
    )?;
    Ok(true)
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
