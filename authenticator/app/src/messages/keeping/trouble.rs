//! Where in the catalogue each trouble stands, and what fills its blanks.

use authenticator_core::Failure;

use crate::backup::{BackupProblem, Trouble, of_card};
use crate::messages::catalogue::Message;
use crate::messages::catalogue::problems::*;
use crate::messages::terminal::Problem;
use crate::messages::{Language, Pair, store_error};

/// What is said about it.
pub(super) fn pair(language: Language, trouble: &Trouble) -> Pair {
    let of = Message::of;
    let message = match trouble {
        Trouble::Store(error) => return store_error(language, error),
        Trouble::Core(Failure::Card(error)) => return language.problem(&of_card(*error)),
        Trouble::File(path, error) => {
            return language.problem(&Problem::FileFailed(path, &error.to_string()));
        }
        Trouble::Core(Failure::PinLocked) => of(&PIN_LOCKED),
        Trouble::Core(Failure::WrongSignature) => of(&CARD_FAILED).detail(""),
        Trouble::Core(Failure::SealBroken) => of(&SEAL_BROKEN),
        Trouble::Core(failure) => {
            return language.pair(&of(&INTERNAL).detail(&failure.to_string()));
        }
        Trouble::GivenUp => of(&CANCELLED),
        Trouble::NoTerminal => of(&NO_TERMINAL),
        Trouble::NoFile(path) => of(&NO_FILE).path(path),
        Trouble::NoFolder(path) => of(&NO_FOLDER).path(path),
        Trouble::FileExists(path) => of(&FILE_EXISTS).path(path),
        Trouble::Backup(path, problem) => of(match problem {
            BackupProblem::WrongPassphrase => &WRONG_PASSPHRASE,
            BackupProblem::Damaged => &BACKUP_DAMAGED,
            BackupProblem::NotABackup => &NOT_A_BACKUP,
            BackupProblem::Newer => &BACKUP_NEWER,
            BackupProblem::TooLarge => &BACKUP_TOO_LARGE,
            BackupProblem::TooMuchWork => &BACKUP_TOO_MUCH_WORK,
        })
        .path(path),
        Trouble::NothingToBackUp => of(&NOTHING_TO_BACK_UP),
        Trouble::NothingToRebind => of(&NOTHING_TO_REBIND),
        Trouble::NothingOfThisCard => of(&NOTHING_OF_THIS_CARD),
        Trouble::MadeWithAnotherCard(path) => of(&BACKUP_OF_ANOTHER_CARD).path(path),
        Trouble::MadeWithThisCard(path) => of(&BACKUP_OF_THIS_CARD).path(path),
        Trouble::AllUnderThisCard(path) => of(&ALL_UNDER_THIS_CARD).path(path),
        Trouble::NoSuchCredential(id) => of(&NO_SUCH_CREDENTIAL).with("id", id),
        Trouble::SeveralSuchCredentials(id) => of(&SEVERAL_SUCH_CREDENTIALS).with("id", id),
        Trouble::UnusableLabel => of(&UNUSABLE_LABEL),
    };
    language.pair(&message)
}
