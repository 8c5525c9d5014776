//! Adds up what test runners say at their end.

use std::process::Command;

use crate::shell;

/// Tests that passed and failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Counts {
    /// Runs `cargo test` and counts its result lines.
    pub fn cargo(&mut self, command: &mut Command) -> anyhow::Result<()> {
        self.count(command, cargo_line)
    }

    /// Runs node's test runner (spec reporter) and counts its result lines.
    pub fn node(&mut self, command: &mut Command) -> anyhow::Result<()> {
        self.count(command, node_line)
    }

    fn count(
        &mut self,
        command: &mut Command,
        read: impl Fn(&str) -> (u64, u64),
    ) -> anyhow::Result<()> {
        let before = self.failed;
        let mut seen = 0;
        let success = shell::run_watched(command, |line| {
            let (passed, failed) = read(line);
            seen += passed + failed;
            self.passed += passed;
            self.failed += failed;
        })?;
        // A runner that broke, or that ran nothing, did not pass.
        if (!success && self.failed == before) || seen == 0 {
            self.failed += 1;
        }
        Ok(())
    }
}

/// `test result: ok. 17 passed; 0 failed; …`
fn cargo_line(line: &str) -> (u64, u64) {
    let Some(rest) = line.trim().strip_prefix("test result: ") else {
        return (0, 0);
    };
    let number_before = |word: &str| {
        let words: Vec<_> = rest
            .split([' ', ';'])
            .filter(|text| !text.is_empty())
            .collect();
        let at = words.iter().position(|text| *text == word)?;
        words.get(at.checked_sub(1)?)?.parse().ok()
    };
    (
        number_before("passed").unwrap_or(0),
        number_before("failed").unwrap_or(0),
    )
}

/// `ℹ pass 12`, `ℹ fail 0`, `ℹ cancelled 0`
fn node_line(line: &str) -> (u64, u64) {
    let Some(rest) = line.trim().strip_prefix("ℹ ") else {
        return (0, 0);
    };
    let Some((word, number)) = rest.split_once(' ') else {
        return (0, 0);
    };
    let number = number.trim().parse().unwrap_or(0);
    match word {
        "pass" => (number, 0),
        "fail" | "cancelled" => (0, number),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_runners_lines() {
        assert_eq!(
            cargo_line("test result: FAILED. 17 passed; 2 failed; 0 ignored; finished in 0.21s"),
            (17, 2)
        );
        assert_eq!(cargo_line("test something ... ok"), (0, 0));
        assert_eq!(node_line("ℹ pass 12"), (12, 0));
        assert_eq!(node_line("ℹ fail 3"), (0, 3));
        assert_eq!(node_line("ℹ cancelled 1"), (0, 1));
        assert_eq!(node_line("✔ pass 12"), (0, 0));
    }

    #[test]
    fn a_runner_that_runs_nothing_has_failed() {
        let mut counts = Counts::default();
        counts.node(&mut Command::new("true")).expect("runs");
        assert_eq!(
            counts,
            Counts {
                passed: 0,
                failed: 1
            }
        );
    }
}
