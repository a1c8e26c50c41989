//! What the program keeps: credentials, remembered sites and the history of disclosures in SQLite, and the secrets beside it.
//!
//! One private folder per user (mode 0700, files 0600). Several processes may have it open; each commit is on the disk when it
//! returns (`synchronous = FULL` on a write-ahead log).

mod database;
mod keeping;
mod managing;
mod migrations;
mod port;
mod private_dir;
#[cfg(test)]
mod samples;
mod secrets;

use std::io;
use std::path::{Path, PathBuf};

pub(crate) use database::{Count, DisclosureEntry, Store};
pub(crate) use keeping::{Kept, Sealed};
pub(crate) use private_dir::PrivateDir;

/// Why the store cannot be used. Paths, but never contents.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Neither `XDG_DATA_HOME` nor `HOME` names a folder.
    #[error("neither XDG_DATA_HOME nor HOME names a folder")]
    NoHome,
    /// A file or folder belongs to somebody else, or is a link.
    #[error("{0} is not a file or folder of this user's own")]
    NotPrivate(PathBuf),
    /// A file or folder cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The secrets were altered or cut off.
    #[error("{0} is damaged; without it no credential can be opened")]
    SecretsDamaged(PathBuf),
    /// There are credentials, but the secrets that open them are gone.
    #[error("{0} is missing; without it no credential can be opened")]
    SecretsMissing(PathBuf),
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// The database was written by a newer version of this program.
    #[error("the database was written by a newer version of this program")]
    Newer,
    /// The database has something in it that this program never writes.
    #[error("the database has an impossible value in {0}")]
    Impossible(&'static str),
    /// SQLite reports an error.
    #[error("the database: {0}")]
    Database(rusqlite::Error),
}

impl StoreError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            error,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
