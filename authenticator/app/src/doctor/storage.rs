//! The place of the credentials: the user's own, and closed to everybody else. No permission is changed here.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use authenticator_core::CredentialKind;

use super::{Outcome, Report};
use crate::messages;
use crate::messages::terminal::{Problem, Text};
use crate::store::{Kept, PrivateDir, Store, StoreError};

pub(super) fn check(report: &mut Report) {
    let heading = Text::Storage;
    let Ok(folder) = PrivateDir::default_path() else {
        report.failed(&heading, &Problem::NoHome);
        return;
    };
    let mut paths = vec![folder.clone()];
    match fs::symlink_metadata(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.passed(&heading, &Text::StorageNew(&folder));
            return;
        }
        Ok(found) if found.is_dir() => match contents(&folder) {
            Ok(contents) => paths.extend(contents),
            Err(error) => {
                report.failed(&heading, &Problem::FileFailed(&folder, &error.to_string()));
                return;
            }
        },
        _ => {}
    }
    match paths.iter().find_map(|path| wrong(path)) {
        Some(problem) => report.failed(&heading, &problem),
        None => match everything() {
            Ok(everything) => {
                report.passed(&heading, &Text::StoragePrivate(&folder));
                check_backup(report, &everything);
            }
            Err(error) => {
                let heading = report.language.text(&heading);
                let pair = messages::store_error(report.language, &error);
                report.pair(heading, Outcome::Failed, pair);
            }
        },
    }
}

fn everything() -> Result<Vec<Kept>, StoreError> {
    let Some(mut store) = Store::open_if_there()? else {
        return Ok(Vec::new());
    };
    let everything = store.everything()?;
    // Without credentials there need be no secrets, and asking for them would make some.
    if !everything.is_empty() {
        store.secrets()?;
    }
    Ok(everything)
}

/// Whether backups hold what can be backed up.
fn check_backup(report: &mut Report, everything: &[Kept]) {
    let mut pairwise = everything
        .iter()
        .map(|kept| &kept.record)
        .filter(|record| record.kind() == CredentialKind::Pairwise)
        .peekable();
    if pairwise.peek().is_none() {
        return;
    }
    match pairwise.filter(|record| !record.backed_up).count() {
        0 => report.passed(&Text::Backup, &Text::AllBackedUp),
        count => report.caution(
            &Text::Backup,
            &Problem::NotBackedUp(u64::try_from(count).unwrap_or(u64::MAX)),
        ),
    }
}

fn contents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

fn wrong(path: &Path) -> Option<Problem<'_>> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        // Gone since it was listed: SQLite's own files come and go.
        Err(_) => return None,
    };
    if !(found.is_dir() || found.is_file()) || found.uid() != rustix::process::geteuid().as_raw() {
        Some(Problem::StorageForeign(path))
    } else if found.mode() & 0o077 != 0 {
        Some(Problem::StorageNotPrivate(path))
    } else {
        None
    }
}
