//! What the commands about credentials say: `credentials`, `backup`, `restore`, `rebind`.
//!
//! [`Line`] says *what* is said, [`Trouble`] what went wrong; `en` and `ja`, and the catalogue, say it.

mod en;
mod ja;
mod trouble;

use std::path::Path;

use authenticator_core::CredentialKind;

use super::{Language, Pair};
use crate::backup::Trouble;

/// What is said or asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Nothing.
    Nothing,
    /// Before the card signs, which takes a while for many credentials.
    CardWorks,
    /// Question: the PIN of the card in this reader, with the tries left.
    Pin(&'a str, u8),
    /// The PIN is entered on the PIN pad of this reader, with the tries left.
    PinOnPad(&'a str, u8),
    /// Question: spend the last try? Answered by a word.
    RiskTheLastTry,
    /// How to choose a passphrase.
    ChoosePassphrase,
    /// Question: a new passphrase.
    NewPassphrase,
    /// Question: the new passphrase once more.
    PassphraseAgain,
    /// The passphrase that was made.
    MadePassphrase(&'a str),
    /// Question: the passphrase of a file.
    Passphrase,
    /// The file is being encrypted.
    Encrypting,
    /// The file is being opened.
    Decrypting,
    /// So many credentials are in the file now.
    BackedUp(usize, &'a Path),
    /// The backup has so many credentials, was made then (seconds since 1970), for these sites.
    BackupHolds(usize, u64, &'a [&'a str]),
    /// So many were restored, so many were here already.
    Restored(usize, usize),
    /// So many are sealed under the new card now.
    Rebound(usize),
    /// So many were to be moved, but another program had changed or removed them.
    ChangedMeanwhile(usize),
    /// So many with a key of their own are under the old card still.
    StillUnderTheOldCard(usize),
    /// What comes first in `rebind`.
    FirstTheOldCard,
    /// What comes second.
    NowTheNewCard,
    /// A card with credentials in this store is missing.
    PutAKnownCard,
    /// Another card than the old one is missing.
    PutTheNewCard,
    /// There are no credentials.
    NoCredentials,
    /// Question: remove this one, for this site, of this kind?
    ConfirmRemoval(&'a str, &'a str, CredentialKind),
    /// It was removed; the site does not know.
    Removed(&'a str),
    /// It has this label now, kept unencrypted.
    Renamed(&'a str),
    /// It has no label any more.
    LabelRemoved,
    /// Heading of the credential's number.
    Id,
    /// Heading of the site.
    Site,
    /// Heading of the kind.
    Kind,
    /// A kind.
    KindOf(CredentialKind),
    /// Heading of the card.
    Card,
    /// The name of a card, and whether it is in a reader.
    CardName(char, bool),
    /// Heading of the day of registration.
    Made,
    /// Heading of the day of the last use.
    Used,
    /// Never.
    Never,
    /// Heading of the backup.
    Backup,
    /// A backup holds it.
    InBackup,
    /// No backup holds it.
    NotInBackup,
    /// It needs no backup.
    NoBackupNeeded,
    /// Heading of the label.
    Label,
    /// Heading of the account.
    Account,
    /// The account's name is sealed under a card that is not here.
    Sealed,
    /// Most of these are in no backup.
    MakeABackup(&'a str),
}

impl Language {
    /// A line.
    pub(crate) fn line(self, line: &Line<'_>) -> String {
        match self {
            Language::English => en::line(line),
            Language::Japanese => ja::line(line),
        }
    }

    /// The pair for what went wrong with a command about credentials.
    pub(crate) fn trouble(self, trouble: &Trouble) -> Pair {
        trouble::pair(self, trouble)
    }
}

#[cfg(test)]
mod tests;
