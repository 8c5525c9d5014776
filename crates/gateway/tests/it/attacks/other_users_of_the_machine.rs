//! Other users of the machine read neither database nor keys, whatever the umask.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::program::Program;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The databases' files in `folder` by name.
fn databases(folder: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.to_string_lossy().contains(".sqlite"))
        .collect()
}

/// With permissions for everybody by default.
const LAX: [&str; 4] = ["sh", "-c", "umask 0; exec \"$@\"", "sh"];

#[test]
fn databases_and_their_logs_are_private_from_the_beginning() {
    let program = Program::start_as("", &LAX);
    let files = databases(program.folder.path());
    let names: Vec<_> = files
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    for expected in [
        "paragon-gateway.sqlite",
        "paragon-gateway.sqlite-wal",
        "paragon-gateway-runs.sqlite",
    ] {
        assert!(names.iter().any(|name| name == expected), "{names:?}");
    }
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
}

#[test]
fn permissions_of_an_earlier_version_are_changed_at_start() {
    let first = Program::start("");
    let (folder, key) = (first.folder.path().to_owned(), first.vault_key.clone());
    let files = databases(&folder);
    assert!(files.len() >= 3, "{files:?}");
    for file in &files {
        set(file, 0o644);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .arg("migrate")
        .current_dir(&folder)
        .env("PARAGON_VAULT_KEYS", format!("[\"{key}\"]"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    assert_eq!(mode(&folder.join("paragon-gateway.sqlite")), 0o600);
    assert_eq!(mode(&folder.join("paragon-gateway.sqlite-wal")), 0o600);
}

#[test]
fn a_folder_that_everybody_writes_to_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    set(folder.path(), 0o777);
    let list = || {
        let output = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
            .args(["operator", "--database", "sqlite:gateway.sqlite", "list"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), errors)
    };
    let (success, errors) = list();
    assert!(!success && errors.contains("chmod o-w"), "{errors}");
    assert!(databases(folder.path()).is_empty(), "nothing was written");
    set(folder.path(), 0o1777);
    let (success, errors) = list();
    assert!(success, "as /tmp is: {errors}");
}
