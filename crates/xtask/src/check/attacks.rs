//! `docs/security.md` names the tests that hold each guard; a name that no test has is a claim that nothing holds.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, ensure};

const PAGE: &str = "docs/security.md";
/// Folders whose tests attack the program itself, or its pages in a browser.
const ON_THE_PROGRAM: [&str; 3] = ["crates/gateway/tests/", "tests/browser/", "tests/gateway/"];

/// Checks every row of the table.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(root.join(PAGE))?;
    let (mut rows, mut named) = (0, BTreeSet::new());
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").collect();
        let [attack, _, tests] = cells.as_slice() else {
            anyhow::bail!("{PAGE}: a row has other than three cells: {line}");
        };
        if attack.trim() == "attack" {
            continue;
        }
        rows += 1;
        let tests = read(tests).with_context(|| format!("{PAGE}, row `{}`", attack.trim()))?;
        for (file, name) in tests {
            let code = std::fs::read_to_string(root.join(&file))
                .with_context(|| format!("{PAGE} names `{file}`"))?;
            ensure!(
                has_test(&file, &code, &name),
                "{PAGE}: `{file}` has no test `{name}`"
            );
            named.insert((file, name));
        }
    }
    let is_on_the_program =
        |file: &str| ON_THE_PROGRAM.iter().any(|folder| file.starts_with(folder));
    let on_the_program = named
        .iter()
        .filter(|(file, _)| is_on_the_program(file))
        .count();
    println!(
        "{rows} attacks, held by {} named tests, {on_the_program} of them on the program itself",
        named.len()
    );
    Ok(())
}

/// Files and names in a cell of the form `` `file`: `test`, `test`; `file`: `test` ``.
fn read(cell: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut tests = Vec::new();
    for part in cell.trim().split("; `") {
        let (file, names) = part
            .split_once(": ")
            .context("a file is followed by `: ` and its tests")?;
        let file = path(file.trim_matches('`'));
        for name in names.split("`, `") {
            tests.push((file.clone(), name.trim_matches('`').to_owned()));
        }
    }
    Ok(tests)
}

/// `gateway/`, `workflow/` and so on are short for the crates of that name.
fn path(written: &str) -> String {
    let crates = [
        "azure-devops/",
        "gateway/",
        "sandbox/",
        "wire/",
        "workflow/",
    ];
    if crates.iter().any(|name| written.starts_with(name)) {
        format!("crates/{written}")
    } else {
        written.to_owned()
    }
}

fn has_test(file: &str, code: &str, name: &str) -> bool {
    if Path::new(file).extension().is_some_and(|kind| kind == "rs") {
        code.contains(&format!("fn {name}("))
    } else {
        ["\"", "'", "`"]
            .iter()
            .any(|quote| code.contains(&format!("test({quote}{name}{quote}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_files_with_their_tests() {
        let read = read("`gateway/tests/it/a.rs`: `one`, `two`; `tests/b.mjs`: `it works, too`");
        let expected = [
            ("crates/gateway/tests/it/a.rs", "one"),
            ("crates/gateway/tests/it/a.rs", "two"),
            ("tests/b.mjs", "it works, too"),
        ];
        let expected = expected.map(|(file, name)| (file.to_owned(), name.to_owned()));
        assert_eq!(read.expect("it is read"), expected);
    }

    #[test]
    fn a_cell_without_tests_is_an_error() {
        assert!(read("`gateway/tests/it/a.rs`").is_err());
    }

    #[test]
    fn a_test_is_found_by_its_whole_name() {
        assert!(has_test("a.rs", "async fn one_and_two() {", "one_and_two"));
        assert!(!has_test("a.rs", "async fn one_and_two() {", "one"));
        assert!(has_test("a.mjs", "test(\"it works\", async", "it works"));
    }
}
