//! Runs other programs and says what is happening.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// Announces a step.
pub fn step(title: &str) {
    println!("\n\x1b[1m── {title}\x1b[0m");
}

/// `cargo`, in the repository's root.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs `command`; its failure is an error that shows the command.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Runs `command`; gives its standard output, which must be text.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs `command`, shows its standard output and hands each line to `look`. Gives whether it succeeded.
pub fn run_watched(command: &mut Command, look: impl FnMut(&str)) -> anyhow::Result<bool> {
    run_watched_child(command, |_id| (), look)
}

/// [`run_watched`], telling the process id as soon as there is one.
pub fn run_watched_child(
    command: &mut Command,
    started: impl FnOnce(u32),
    mut look: impl FnMut(&str),
) -> anyhow::Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    started(child.id());
    let output = child.stdout.take().context("no standard output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        look(&line);
    }
    Ok(child.wait()?.success())
}

fn not_started(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy().into_owned();
    let hint = match program.as_str() {
        "npm" | "node" => "; install Node.js 20.19 or newer",
        "rustup" => "; install Rust with rustup",
        _ => "",
    };
    anyhow::anyhow!("cannot run `{program}`: {error}{hint}")
}

/// Whether `program` can be run.
pub fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Fails early, with words, when Node.js is missing or too old.
pub fn require_node() -> anyhow::Result<()> {
    let output = Command::new("node").arg("--version").output();
    let version = match output {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => bail!("Node.js is missing: install version 20.19 or newer, then run this again"),
    };
    let mut parts = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    ensure!(
        found >= (20, 19),
        "Node.js {version} is too old: install version 20.19 or newer"
    );
    Ok(())
}
