//! The key file: one secret, readable by its owner only, never in the database.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::Keys;

const HEAD: &str = "\
# The secret of jpki-relying-party: it seals what certificates say about people.
# Back it up, but not together with the database. Without it the sealed facts are lost.
format = 1
";

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileProblem {
    /// It is not there.
    #[error("the key file {} does not exist", .0.display())]
    Missing(PathBuf),
    /// It is there, and a new one was to be made.
    #[error("the key file {} exists already", .0.display())]
    Exists(PathBuf),
    /// It cannot be read or written.
    #[error("the key file {file} cannot be used: {error}", file = .0.display(), error = .1)]
    Io(PathBuf, #[source] std::io::Error),
    /// Others can read it.
    #[error("the key file {} can be read by others", .0.display())]
    ReadableByOthers(PathBuf),
    /// It is not a key file of this version.
    #[error("{} is not a key file of this program", .0.display())]
    NotAKeyFile(PathBuf),
    /// The operating system gave no random numbers, or the keys could not be derived.
    #[error("no key could be made")]
    NoKey,
}

impl KeyFileProblem {
    /// What the operator can do about it.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Missing(_) => {
                "Put it back from its backup. Only for a new database: make one with `jpki-relying-party init`."
            }
            Self::Exists(_) => "Nothing needs to be done: `serve` uses it as it is.",
            Self::Io(..) => {
                "Check that its folder exists and belongs to the user this program runs as."
            }
            Self::ReadableByOthers(_) => {
                "Run `chmod 600` on it; if others may have read it, treat the certificate facts as disclosed."
            }
            Self::NotAKeyFile(_) => {
                "Put it back from its backup, or correct key-file in the configuration."
            }
            Self::NoKey => "Check the operating system's random number source.",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    format: u8,
    key: Zeroizing<String>,
}

/// Makes a new key file, readable by its owner only, and never replaces one.
///
/// # Errors
/// The file exists or cannot be written.
pub fn create(path: &Path) -> Result<Keys, KeyFileProblem> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(|_| KeyFileProblem::NoKey)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => KeyFileProblem::Exists(path.to_owned()),
        _ => KeyFileProblem::Io(path.to_owned(), error),
    })?;
    let encoded = Zeroizing::new(STANDARD.encode(secret.as_slice()));
    let text = Zeroizing::new(format!("{HEAD}key = \"{}\"\n", encoded.as_str()));
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(path))
        .map_err(|error| KeyFileProblem::Io(path.to_owned(), error))?;
    Keys::derive(&secret).map_err(|_| KeyFileProblem::NoKey)
}

/// Reads the key file.
///
/// # Errors
/// It is missing, others can read it, or it is something else.
pub fn open(path: &Path) -> Result<Keys, KeyFileProblem> {
    let io = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => KeyFileProblem::Missing(path.to_owned()),
        _ => KeyFileProblem::Io(path.to_owned(), error),
    };
    let file = File::open(path).map_err(io)?;
    refuse_readable_by_others(path, &file)?;
    let text = Zeroizing::new(std::io::read_to_string(file).map_err(io)?);
    let foreign = || KeyFileProblem::NotAKeyFile(path.to_owned());
    let contents: Contents = toml::from_str(&text).map_err(|_| foreign())?;
    let bytes = Zeroizing::new(
        STANDARD
            .decode(contents.key.as_bytes())
            .map_err(|_| foreign())?,
    );
    let secret: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| foreign())?;
    if contents.format != 1 {
        return Err(foreign());
    }
    Keys::derive(secret).map_err(|_| KeyFileProblem::NoKey)
}

/// Reads the key file, or makes it where there is none.
///
/// # Errors
/// As [`open`] and [`create`].
pub fn open_or_create(path: &Path) -> Result<Keys, KeyFileProblem> {
    match create(path) {
        Err(KeyFileProblem::Exists(_)) => open(path),
        made => made,
    }
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path, file: &File) -> Result<(), KeyFileProblem> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file
        .metadata()
        .map_err(|error| KeyFileProblem::Io(path.to_owned(), error))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(KeyFileProblem::ReadableByOthers(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &Path, _: &File) -> Result<(), KeyFileProblem> {
    Ok(())
}

/// A new file survives a power cut only once its folder is on disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
