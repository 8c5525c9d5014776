//! Files that only the gateway's own user may read: databases and keys.

use std::io;
use std::path::{Path, PathBuf};

/// A file or folder is open to other users of the machine, and cannot be closed to them.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// Its permissions cannot be changed.
    #[error(
        "`{path}` can be read by other users of this machine, and its permissions cannot be changed ({error}): make the gateway's user its owner, or run `chmod {mode:o} {path}`"
    )]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Permissions that would be right.
        mode: u32,
        /// What the system said.
        error: io::Error,
    },
    /// Everybody can replace files in the folder.
    #[error(
        "the folder `{0}` of the database can be written by every user of this machine, who could put another database there: run `chmod o-w` on it, or choose another folder"
    )]
    FolderOfAll(PathBuf),
    /// It cannot be made or looked at.
    #[error("`{path}` cannot be used: {error}")]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Makes the file of a `SQLite` database if it is not there, and keeps it and its logs from other users.
///
/// `SQLite` gives a log the permissions of its database.
pub fn database(path: &Path, may_create: bool) -> Result<(), PrivacyError> {
    if let Some(folder) = path.parent() {
        check_folder(folder)?;
    }
    if may_create {
        create(path)?;
    }
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        file(Path::new(&name))?;
    }
    Ok(())
}

/// Keeps an existing file from other users; one that is not there is none of ours.
pub fn file(path: &Path) -> Result<(), PrivacyError> {
    restrict(path, 0o600)
}

/// Makes a folder for the gateway's own files, or keeps it from other users.
pub fn folder(path: &Path) -> Result<(), PrivacyError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| unusable(path, error))?;
    restrict(path, 0o700)
}

fn unusable(path: &Path, error: io::Error) -> PrivacyError {
    PrivacyError::Unusable {
        path: path.to_owned(),
        error,
    }
}

/// Never with more permissions than it is to have, not even for a moment.
fn create(path: &Path) -> Result<(), PrivacyError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(path, error)),
    }
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<(), PrivacyError> {
    use std::os::unix::fs::PermissionsExt as _;

    let present = match std::fs::metadata(path) {
        Ok(found) => found.permissions().mode() & 0o777,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(path, error)),
    };
    let private = present & mode;
    if private == present {
        return Ok(());
    }
    let permissions = std::fs::Permissions::from_mode(private);
    std::fs::set_permissions(path, permissions).map_err(|error| PrivacyError::Open {
        path: path.to_owned(),
        mode,
        error,
    })?;
    tracing::warn!(path = %path.display(), "other users of this machine could open it; its permissions were changed");
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> Result<(), PrivacyError> {
    Ok(())
}

/// The folder of a database may be shared, and is not changed; but not everybody may replace what is in it.
fn check_folder(folder: &Path) -> Result<(), PrivacyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        const WRITE_FOR_ALL: u32 = 0o002;
        /// Of `/tmp`: there only owners replace files.
        const STICKY: u32 = 0o1000;
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let found = std::fs::metadata(folder).map_err(|error| unusable(folder, error))?;
        if found.permissions().mode() & (WRITE_FOR_ALL | STICKY) == WRITE_FOR_ALL {
            return Err(PrivacyError::FolderOfAll(folder.to_owned()));
        }
    }
    Ok(())
}
