//! The backup file: what [`Backup`] holds, encrypted under a passphrase in the age format (<https://age-encryption.org/v1>).
//!
//! The passphrase goes through scrypt with N = 2¹⁸ and r = 8: 256 MiB of memory and about a second for every guess.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::iter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, scrypt};
use authenticator_core::Backup;
use zeroize::Zeroizing;

use super::trouble::{BackupProblem, Trouble};

/// log₂ N of scrypt, for writing; a file that asks for more is refused rather than given the memory.
const WORK: u8 = 18;
/// What age adds is less than this.
const LONGEST: usize = Backup::MAX_LENGTH + 64 * 1024;
/// The first bytes of every file in the age format.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// Encrypts a backup.
pub(crate) fn encrypt(backup: &Backup, passphrase: &str) -> Result<Vec<u8>, BackupProblem> {
    let plaintext = backup.to_bytes()?;
    let mut recipient = scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(WORK);
    // Writing to memory cannot fail; that the one recipient is missing or doubled neither.
    age::encrypt(&recipient, &plaintext).map_err(|_| BackupProblem::Damaged)
}

/// Decrypts a backup.
pub(crate) fn decrypt(content: &[u8], passphrase: &str) -> Result<Backup, BackupProblem> {
    decrypt_within(content, passphrase, WORK)
}

/// Decrypts a backup that asks for at most so much work (log₂ N of scrypt).
pub(crate) fn decrypt_within(
    content: &[u8],
    passphrase: &str,
    most_work: u8,
) -> Result<Backup, BackupProblem> {
    let decryptor = begin(content)?;
    let mut identity = scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(most_work);
    let opened = decryptor.decrypt(iter::once(&identity as &dyn age::Identity));
    let mut reader = opened.map_err(|error| match error {
        DecryptError::DecryptionFailed
        | DecryptError::NoMatchingKeys
        | DecryptError::KeyDecryptionFailed => BackupProblem::WrongPassphrase,
        DecryptError::ExcessiveWork { .. } => BackupProblem::TooMuchWork,
        _ => BackupProblem::Damaged,
    })?;
    // Shorter than what encrypts it, so never moved to another place while it grows.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(content.len()));
    reader
        .read_to_end(&mut plaintext)
        .map_err(|_| BackupProblem::Damaged)?;
    Ok(Backup::parse(&plaintext)?)
}

/// What the file's beginning tells without the passphrase.
pub(crate) fn check_head(content: &[u8]) -> Result<(), BackupProblem> {
    begin(content)?;
    match asked_work(content) {
        Some(work) if work > WORK => Err(BackupProblem::TooMuchWork),
        _ => Ok(()),
    }
}

fn begin(content: &[u8]) -> Result<Decryptor<&[u8]>, BackupProblem> {
    if !content.starts_with(AGE) {
        let begun = AGE.starts_with(content) && !content.is_empty();
        return Err(if begun {
            BackupProblem::Damaged
        } else {
            BackupProblem::NotABackup
        });
    }
    let decryptor = Decryptor::new_buffered(content).map_err(|_| BackupProblem::Damaged)?;
    if decryptor.is_scrypt() {
        Ok(decryptor)
    } else {
        Err(BackupProblem::NotABackup)
    }
}

/// log₂ N in the header of a file that a passphrase opens: `-> scrypt SALT 18` (<https://age-encryption.org/v1>, "The scrypt
/// recipient type").
fn asked_work(content: &[u8]) -> Option<u8> {
    let stanza = content.split(|byte| *byte == b'\n').nth(1)?;
    let arguments = std::str::from_utf8(stanza)
        .ok()?
        .strip_prefix("-> scrypt ")?;
    arguments.split(' ').nth(1)?.parse().ok()
}

fn secret(passphrase: &str) -> SecretString {
    // As long as it must be, so that boxing it copies nothing.
    let mut copy = String::with_capacity(passphrase.len());
    copy.push_str(passphrase);
    SecretString::from(copy)
}

/// Reads a file that should be a backup, as far as one can be long.
///
/// # Errors
/// [`Trouble::NoFile`], [`Trouble::File`], [`Trouble::Backup`].
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let failed = |error| Trouble::File(path.to_owned(), error);
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Trouble::NoFile(path.to_owned()),
        _ => failed(error),
    })?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(BackupProblem::NotABackup.of(path));
    }
    let mut content = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    file.take(most + 1)
        .read_to_end(&mut content)
        .map_err(failed)?;
    if content.len() > LONGEST {
        return Err(BackupProblem::TooLarge.of(path));
    }
    Ok(content)
}

/// Refuses a place where no file can be made, before anybody types anything.
///
/// # Errors
/// [`Trouble::FileExists`], [`Trouble::NoFolder`], [`Trouble::File`].
pub(crate) fn check_free(path: &Path) -> Result<(), Trouble> {
    match fs::symlink_metadata(path) {
        Ok(_) => return Err(Trouble::FileExists(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Trouble::File(path.to_owned(), error)),
    }
    let folder = folder(path);
    match fs::metadata(&folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Trouble::File(folder, io::ErrorKind::NotADirectory.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Trouble::NoFolder(folder)),
        Err(error) => Err(Trouble::File(folder, error)),
    }
}

/// Makes a file for the user alone that was not there before; on the disk, with its name, when this returns.
///
/// Not through a file of another name, for memory sticks know no links and a rename might replace a file: what a power loss
/// cuts off is recognised when it is read.
///
/// # Errors
/// [`Trouble::FileExists`], [`Trouble::NoFolder`], [`Trouble::File`]; then there is no such file.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Trouble::FileExists(path.to_owned()),
        // The memory stick was pulled out in between.
        io::ErrorKind::NotFound => Trouble::NoFolder(folder(path)),
        _ => Trouble::File(path.to_owned(), error),
    })?;
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| File::open(folder(path))?.sync_all());
    written.map_err(|error| {
        // The error that counts is the first.
        let _ = fs::remove_file(path);
        Trouble::File(path.to_owned(), error)
    })
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
