//! Where in the catalogue each problem stands, and what fills its blanks.

use std::path::Path;

use super::{Problem, Sandbox};
use crate::messages::catalogue::problems::*;
use crate::messages::catalogue::{Message, Place};
use crate::native_messaging::extension::HOST_NAME;

impl Problem<'_> {
    /// What is said about it.
    pub(crate) fn message(&self) -> Message<'_> {
        let of = Message::of;
        match self {
            Self::NoPinentry => of(&NO_PINENTRY),
            Self::PcscNotInstalled => of(&PCSC_NOT_INSTALLED),
            Self::PcscNotRunning => of(&PCSC_NOT_RUNNING),
            Self::PcscNotAllowed => of(&PCSC_NOT_ALLOWED),
            Self::PcscFault(detail) => of(&PCSC_FAILED).detail(detail),
            Self::NoReader => of(&NO_READER),
            Self::ReaderGone => of(&READER_REMOVED),
            Self::NoCard => of(&NO_CARD),
            Self::SeveralCards => of(&SEVERAL_CARDS),
            Self::CardRemoved => of(&CARD_REMOVED),
            Self::CardChanged => of(&CARD_CHANGED),
            Self::CardBusy => of(&CARD_BUSY),
            Self::CardMute => of(&CARD_MUTE),
            Self::NotAMyNumberCard => of(&OTHER_CARD),
            Self::NoCertificate => of(&NO_CERTIFICATE),
            Self::Phone => of(&PHONE),
            Self::CertificateUnusable => of(&CERTIFICATE_UNUSABLE),
            Self::CertificateExpired(on) => of(&CERTIFICATE_EXPIRED).day(*on),
            Self::CertificateExpiresSoon(on) => of(&CERTIFICATE_EXPIRES_SOON).day(*on),
            Self::CertificateNotYetValid(from) => of(&CERTIFICATE_NOT_YET_VALID).day(*from),
            Self::TriesUnknown => of(&TRIES_UNKNOWN),
            Self::FewTries(1) => of(&LAST_TRY),
            Self::FewTries(left) => of(&FEW_TRIES).with("count", left.to_string()),
            Self::PinLocked => of(&PIN_LOCKED),
            Self::NoCredential => of(&NO_CREDENTIAL),
            Self::AlreadyRegistered => of(&EXCLUDED),
            Self::WrongPin => of(&WRONG_PIN),
            Self::ImpossiblePin => of(&IMPOSSIBLE_PIN),
            Self::PadUnusable => of(&PAD_UNUSABLE),
            Self::WeakPassphrase(count) => of(&WEAK_PASSPHRASE).with("count", count.to_string()),
            Self::PassphrasesDiffer => of(&PASSPHRASES_DIFFER),
            Self::CardUnsupported(operation, status) => of(&CARD_UNSUPPORTED)
                .operation(*operation)
                .with("status", format!("{status:04X}")),
            Self::CardFailed(detail) => of(&CARD_FAILED).detail(detail),
            Self::NoHome => of(&NO_HOME),
            Self::NeedsAdministrator(path) => of(&FILE_NEEDS_ADMINISTRATOR).path(path),
            Self::FileFailed(path, error) => of(&FILE_FAILED).path(path).with("error", *error),
            Self::OwnPathUnknown => of(&OWN_PATH_UNKNOWN),
            Self::NeitherWay(browser) => of(&NOT_SET_UP).with("browser", *browser),
            Self::ManifestBroken(path) => of(&MANIFEST_DAMAGED).path(path),
            Self::ManifestOtherExtension(path) => of(&MANIFEST_OTHER_EXTENSION).path(path),
            Self::ManifestProgramMissing(path) => of(&MANIFEST_PROGRAM_MISSING).path(path),
            Self::ManifestOtherProgram(path) => of(&MANIFEST_OTHER_PROGRAM).path(path),
            Self::SandboxedBrowser(browser, sandbox) => of(&BROWSER_SANDBOXED)
                .with("browser", *browser)
                .with("sandbox", sandbox.name()),
            Self::BrowserMissing(browser) => of(&BROWSER_MISSING).with("browser", *browser),
            Self::BlockedByPolicy(browser, path) => of(&POLICY_FORBIDS_PROGRAM)
                .with("browser", *browser)
                .with("host", HOST_NAME)
                .path(path),
            Self::NotOfUsersByPolicy(browser, path) => of(&POLICY_FORBIDS_USERS_PROGRAMS)
                .with("browser", *browser)
                .path(path),
            Self::StorageNotPrivate(path) => of(&STORAGE_NOT_PRIVATE).path(path),
            Self::StorageForeign(path) => of(&STORAGE_NOT_YOURS).path(path),
            Self::SecretsDamaged(path) => of(&SECRETS_DAMAGED).path(path),
            Self::SecretsMissing(path) => of(&SECRETS_MISSING).path(path),
            Self::StorageNewer => of(&STORAGE_NEWER),
            Self::StorageFault(detail) => of(&STORAGE).detail(detail),
            Self::NotBackedUp(count) => {
                let place = if *count == 1 {
                    Place::One
                } else {
                    Place::Usual
                };
                of(&NOT_BACKED_UP)
                    .at(place)
                    .with("count", count.to_string())
            }
            Self::ProgramNotSafe(path) => of(&PROGRAM_NOT_SAFE).path(path),
        }
    }
}

impl Sandbox {
    fn name(self) -> &'static str {
        match self {
            Sandbox::Snap => "snap",
            Sandbox::Flatpak => "Flatpak",
        }
    }
}

impl Message<'_> {
    /// Fills the blank `path`.
    pub(crate) fn path(self, path: &Path) -> Self {
        self.with("path", path.display().to_string())
    }
}
