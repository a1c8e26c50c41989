//! What the commands at a terminal say (`card`, `install`, `doctor`): every problem as a pair, what happened and what to do.
//!
//! [`Problem`] and [`Text`] say *what* is said; the catalogue, and `en` and `ja`, say it. A language that leaves something out does not compile.

mod en;
mod ja;
mod layout;
mod problem;

use std::path::Path;

use eid_card::{CardError, NoOneCard, Operation, ReaderError, TokenKind, Tries};
use time::{OffsetDateTime, UtcOffset};

pub(crate) use layout::{pad, width};

use super::{Language, Pair};
use crate::pcscd;

impl Language {
    /// The pair for a problem.
    pub(crate) fn problem(self, problem: &Problem<'_>) -> Pair {
        self.pair(&problem.message())
    }

    /// A pair as it is printed.
    pub(crate) fn printed(self, pair: &Pair) -> String {
        let Pair { what, action, .. } = pair;
        let [to_do, code] = [Text::ToDo, Text::Code(pair)].map(|text| self.text(&text));
        format!("{what}\n{to_do} {action}\n  {code}")
    }

    /// A piece of text.
    pub(crate) fn text(self, text: &Text<'_>) -> String {
        match self {
            Language::English => en::text(text),
            Language::Japanese => ja::text(text),
        }
    }
}

/// What can be wrong. Nothing in it names the person, the card's key or a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem<'a> {
    /// There is a desktop, and no program that could ask for the PIN in a window.
    NoPinentry,
    /// pcscd does not answer and is not installed.
    PcscNotInstalled,
    /// pcscd is installed and does not answer.
    PcscNotRunning,
    /// pcscd answers but lets this user do nothing.
    PcscNotAllowed,
    /// The PC/SC service fails otherwise; its own words.
    PcscFault(&'a str),
    /// No reader.
    NoReader,
    /// A reader was unplugged.
    ReaderGone,
    /// No card in any reader.
    NoCard,
    /// Several My Number Cards.
    SeveralCards,
    /// The card left.
    CardRemoved,
    /// Another card than the one shown.
    CardChanged,
    /// Another program holds the card.
    CardBusy,
    /// The card does not answer.
    CardMute,
    /// A card of another kind.
    NotAMyNumberCard,
    /// No certificate for user authentication on the card.
    NoCertificate,
    /// A phone: its certificate needs the PIN first.
    Phone,
    /// The certificate cannot be used.
    CertificateUnusable,
    /// The certificate's validity is over.
    CertificateExpired(Date),
    /// The certificate ends within [`SOON_DAYS`].
    CertificateExpiresSoon(Date),
    /// The certificate's validity has not begun: most likely the computer's clock is wrong.
    CertificateNotYetValid(Date),
    /// The card does not tell its counter.
    TriesUnknown,
    /// Fewer than the three tries of a fresh counter are left.
    FewTries(u8),
    /// The PIN is locked.
    PinLocked,
    /// No credential of the card fits what the site asks for.
    NoCredential,
    /// A credential of the card is registered with the site.
    AlreadyRegistered,
    /// The PIN was wrong.
    WrongPin,
    /// What was typed is no PIN; the card was not asked.
    ImpossiblePin,
    /// The reader's PIN pad cannot take the PIN; no try was spent.
    PadUnusable,
    /// The passphrase is too easy to guess; how many characters it must have.
    WeakPassphrase(usize),
    /// The passphrase was typed differently the second time.
    PassphrasesDiffer,
    /// The card refused a command it must know: the operation and the status word.
    CardUnsupported(Operation, u16),
    /// The card or reader did something unexpected; a description for a report.
    CardFailed(&'a str),
    /// There is no home folder to install into.
    NoHome,
    /// Writing outside the user's own folders needs an administrator.
    NeedsAdministrator(&'a Path),
    /// A file or folder cannot be read or written; the system's words.
    FileFailed(&'a Path, &'a str),
    /// The program's own place cannot be found out.
    OwnPathUnknown,
    /// The browser has no manifest of this program, and the security key is not set up.
    NeitherWay(&'static str),
    /// The manifest is not one; where it is.
    ManifestBroken(&'a Path),
    /// The manifest does not let the pinned extension in.
    ManifestOtherExtension(&'a Path),
    /// The manifest starts something that is not there or not a program.
    ManifestProgramMissing(&'a Path),
    /// The manifest starts another copy of the program than this one.
    ManifestOtherProgram(&'a Path),
    /// The browser runs in a sandbox that starts no programs of the system.
    SandboxedBrowser(&'static str, Sandbox),
    /// The browser is not there.
    BrowserMissing(&'static str),
    /// A browser's policies keep it from starting this program; the file.
    BlockedByPolicy(&'static str, &'a Path),
    /// A browser's policies keep it from starting what a user installed for themself; the file.
    NotOfUsersByPolicy(&'static str, &'a Path),
    /// Others can read the credentials.
    StorageNotPrivate(&'a Path),
    /// The store belongs to somebody else or is not what it should be.
    StorageForeign(&'a Path),
    /// The file with the installation's secrets is damaged.
    SecretsDamaged(&'a Path),
    /// There are credentials, but not the file with the secrets that open them.
    SecretsMissing(&'a Path),
    /// The store was written by a newer version of the program.
    StorageNewer,
    /// The store cannot be read or written; a description for a report.
    StorageFault(&'a str),
    /// So many credentials are in no backup.
    NotBackedUp(u64),
    /// Others than the administrator can replace the program that would be installed for everybody; where.
    ProgramNotSafe(&'a Path),
}

/// How a browser is kept apart from the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sandbox {
    /// Installed as a snap.
    Snap,
    /// Installed as a Flatpak.
    Flatpak,
}

/// Certificates that end within this many days are pointed out; from then on a renewal is possible.
pub(crate) const SOON_DAYS: u64 = 90;

impl<'a> From<&'a CardError> for Problem<'a> {
    fn from(error: &'a CardError) -> Problem<'a> {
        match error {
            CardError::Removed => Problem::CardRemoved,
            CardError::Changed => Problem::CardChanged,
            CardError::Busy => Problem::CardBusy,
            CardError::ReaderGone => Problem::ReaderGone,
            CardError::PcscStopped => Problem::PcscNotRunning,
            CardError::NotAllowed => Problem::PcscNotAllowed,
            CardError::Mute => Problem::CardMute,
            CardError::NoApplication => Problem::NotAMyNumberCard,
            CardError::NoCertificate => Problem::NoCertificate,
            CardError::CertificateNeedsPin => Problem::Phone,
            CardError::Certificate(_) => Problem::CertificateUnusable,
            CardError::TriesUnknown => Problem::TriesUnknown,
            CardError::Refused { operation, status } => {
                Problem::CardUnsupported(*operation, *status)
            }
            CardError::Fault(detail) => Problem::CardFailed(detail),
            _ => Problem::CardFailed(""),
        }
    }
}

impl<'a> From<&'a ReaderError> for Problem<'a> {
    fn from(error: &'a ReaderError) -> Problem<'a> {
        match error {
            ReaderError::PcscNotRunning => pcscd::silence(),
            ReaderError::NotAllowed => Problem::PcscNotAllowed,
            ReaderError::NoReader => Problem::NoReader,
            ReaderError::Fault(detail) => Problem::PcscFault(detail),
            _ => Problem::PcscFault(""),
        }
    }
}

impl From<NoOneCard> for Problem<'_> {
    fn from(reason: NoOneCard) -> Self {
        match reason {
            NoOneCard::NoReader => Problem::NoReader,
            NoOneCard::NoCard => Problem::NoCard,
            NoOneCard::SeveralCards => Problem::SeveralCards,
            NoOneCard::Busy => Problem::CardBusy,
            NoOneCard::Mute => Problem::CardMute,
            NoOneCard::OtherCard => Problem::NotAMyNumberCard,
        }
    }
}

/// What is said besides problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    /// Heading of the reader's name.
    Reader,
    /// Heading of the kind of token.
    Card,
    /// Heading of the PIN's counter.
    Pin,
    /// Heading of the certificate.
    Certificate,
    /// A kind of token.
    Kind(TokenKind),
    /// What is left of the PIN's counter.
    TriesLeft(Tries),
    /// Until when the certificate is valid.
    ValidUntil(Date),
    /// Put before what to do.
    ToDo,
    /// The code of a problem.
    Code(&'a Pair),
    /// The manifest was written.
    Installed(&'static str, &'a Path),
    /// The manifest was there already, exactly so.
    InstalledAlready(&'static str, &'a Path),
    /// The manifest was written for browsers that were not found.
    InstalledForOthers(&'a [&'static str]),
    /// What else the browser needs.
    ExtensionNeeded,
    /// The manifest was taken away.
    Uninstalled(&'static str, &'a Path),
    /// There was no manifest.
    NotInstalled(&'static str, &'a Path),
    /// Mark of a check that passed; always four columns wide, as the two others.
    Passed,
    /// Mark of a check with a caution.
    Caution,
    /// Mark of a check that failed.
    Failed,
    /// Heading: the PC/SC service.
    PcscService,
    /// The PC/SC service answers, and the library that asks it.
    PcscAnswers(Option<&'a Path>),
    /// Heading: the readers.
    Readers,
    /// Heading: the browser's way to this program.
    Connection(&'static str),
    /// The browser will start this program.
    ConnectionGood(&'a Path),
    /// The browser has no manifest of this program, which the security key does not need.
    NotConnected,
    /// Heading: the browser.
    Browser(&'static str),
    /// Heading: where credentials are kept.
    Storage,
    /// Only this user can read it.
    StoragePrivate(&'a Path),
    /// There is nothing yet.
    StorageNew(&'a Path),
    /// Heading: where the PIN of the extension's ceremonies is typed.
    PinEntry,
    /// In a window of the system, which this program opens.
    PinInWindow(&'a Path),
    /// In the browser.
    PinInBrowser,
    /// Heading: the PIN pad of the reader that the card is in.
    PinPad,
    /// Whether it has one.
    HasPinPad(bool),
    /// Heading: backups.
    Backup,
    /// Every credential that can be is in one.
    AllBackedUp,
    /// All checks passed.
    AllGood,
    /// How many checks failed, and how many cautions there are.
    Summary(usize, usize),
}

/// A day in Japan, where the certificates' validity ends at 23:59:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    /// The year.
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
}

impl Date {
    /// As it is written.
    pub(crate) fn written(self, language: Language) -> String {
        let Date { year, month, day } = self;
        match language {
            Language::English => format!("{year}-{month:02}-{day:02}"),
            Language::Japanese => format!("{year}年{month}月{day}日"),
        }
    }

    /// The day in Japan at `seconds` since 1970-01-01T00:00:00Z; the last day of year 9999 when it lies beyond.
    pub(crate) fn in_japan(seconds: u64) -> Date {
        let japan = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
        let moment = i64::try_from(seconds)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .and_then(|moment| moment.checked_to_offset(japan));
        match moment {
            Some(moment) => Date {
                year: moment.year(),
                month: moment.month().into(),
                day: moment.day(),
            },
            None => Date {
                year: 9999,
                month: 12,
                day: 31,
            },
        }
    }
}

#[cfg(test)]
mod tests;
