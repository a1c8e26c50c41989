//! Why a command about credentials was not carried out.

use std::io;
use std::path::{Path, PathBuf};

use authenticator_core::{BackupError, CardError, Failure};

use crate::messages::terminal::Problem;
use crate::pcscd;
use crate::store::StoreError;
use crate::terminal::GivenUp;

/// Why it was not done. Nothing in it names an account, a key or a PIN.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The person gave up: nothing was changed.
    GivenUp,
    /// There is no terminal to ask at.
    NoTerminal,
    /// The card, its PIN, or a seal.
    Core(Failure),
    /// The store.
    Store(StoreError),
    /// The file cannot be read or written.
    File(PathBuf, io::Error),
    /// There is no file of this name to read.
    NoFile(PathBuf),
    /// There is no such folder to make a file in.
    NoFolder(PathBuf),
    /// There is a file of this name.
    FileExists(PathBuf),
    /// What the file holds.
    Backup(PathBuf, BackupProblem),
    /// No pairwise credential at all.
    NothingToBackUp,
    /// No credential here that could be moved to another card.
    NothingToRebind,
    /// No pairwise credential of the card that is there.
    NothingOfThisCard,
    /// The backup was made with another card.
    MadeWithAnotherCard(PathBuf),
    /// The backup was made with the very card.
    MadeWithThisCard(PathBuf),
    /// Every credential of the backup is here, under the very card.
    AllUnderThisCard(PathBuf),
    /// No credential begins with that ID.
    NoSuchCredential(String),
    /// Several do.
    SeveralSuchCredentials(String),
    /// The label is empty, too long, or has control characters.
    UnusableLabel,
}

/// What is wrong with a file that should be a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackupProblem {
    /// The passphrase does not open it.
    WrongPassphrase,
    /// It was cut off or altered.
    Damaged,
    /// It is something else.
    NotABackup,
    /// A newer program made it.
    Newer,
    /// It is larger than any backup.
    TooLarge,
    /// Opening it would take more memory than this program allows.
    TooMuchWork,
}

impl BackupProblem {
    /// In a file.
    pub(crate) fn of(self, path: &Path) -> Trouble {
        Trouble::Backup(path.to_owned(), self)
    }
}

impl From<BackupError> for BackupProblem {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::NotABackup => Self::NotABackup,
            BackupError::Newer => Self::Newer,
            BackupError::Malformed => Self::Damaged,
            BackupError::TooLarge => Self::TooLarge,
        }
    }
}

impl From<GivenUp> for Trouble {
    fn from(_: GivenUp) -> Self {
        Trouble::GivenUp
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(_) => Trouble::GivenUp,
            failure => Trouble::Core(failure),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Trouble::Store(error)
    }
}

/// What is said about a card that cannot be used.
pub(crate) fn of_card(error: CardError) -> Problem<'static> {
    match error {
        CardError::PcscNotRunning => pcscd::silence(),
        CardError::NoReader => Problem::NoReader,
        CardError::NoCard => Problem::NoCard,
        CardError::Mute => Problem::CardMute,
        CardError::SeveralCards => Problem::SeveralCards,
        CardError::Busy => Problem::CardBusy,
        CardError::Removed => Problem::CardRemoved,
        CardError::Changed => Problem::CardChanged,
        CardError::Unsupported => Problem::CertificateUnusable,
        CardError::Failed => Problem::CardFailed(""),
    }
}
