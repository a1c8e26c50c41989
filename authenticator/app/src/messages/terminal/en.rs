//! English.

use eid_card::{TokenKind, Tries};

use super::{Date, Problem, Sandbox, Text};
use crate::messages::{program, set_up_security_key};
use crate::native_messaging::extension::HOST_NAME;

pub(super) fn problem(problem: &Problem<'_>) -> (String, String) {
    match problem {
        Problem::NoPinentry => pair(
            "The PIN is typed into the browser: no pinentry is installed that can open a window.",
            "To keep it from the browser, install one, for instance: sudo apt install pinentry-gnome3",
        ),
        Problem::PcscNotInstalled => pair(
            "The smart card service (pcscd) is not installed.",
            "Install and start it (on Debian and Ubuntu): sudo apt install pcscd && sudo systemctl enable --now pcscd.socket",
        ),
        Problem::PcscNotRunning => pair(
            "The smart card service (pcscd) is not running.",
            "Start it: sudo systemctl enable --now pcscd.socket",
        ),
        Problem::PcscNotAllowed => pair(
            "The smart card service (pcscd) does not let you use card readers.",
            "Log in at this computer itself rather than over the network, or have the administrator allow it in polkit (org.debian.pcsc-lite.access_pcsc).",
        ),
        Problem::PcscFault(detail) => (
            format!("The smart card service reports an error{}.", after_colon(detail)),
            "Unplug the reader, plug it in again, and restart the service: sudo systemctl restart pcscd".into(),
        ),
        Problem::NoReader => pair("No card reader is connected.", "Connect a card reader."),
        Problem::ReaderGone => pair(
            "The card reader was disconnected.",
            "Connect it again, then put the card back on it.",
        ),
        Problem::NoCard => pair(
            "There is no card in any reader.",
            "Take the card out of its case and put it on the reader.",
        ),
        Problem::SeveralCards => pair(
            "There is more than one My Number Card.",
            "Leave only the one you want to use.",
        ),
        Problem::CardRemoved => pair(
            "The card was removed.",
            "Put it back, and leave it there until everything is done.",
        ),
        Problem::CardChanged => pair(
            "This is not the card it was, or it was taken out in between.",
            "Put back the card that you want to use, and start again.",
        ),
        Problem::CardBusy => pair(
            "Another program is using the card.",
            "Close it (tax filing and JPKI client software, for instance), then try again.",
        ),
        Problem::CardMute => pair(
            "The card does not respond.",
            "Turn it over or lay it flat in the middle of the reader, without its case and away from other cards.",
        ),
        Problem::NotAMyNumberCard => pair(
            "This is not a My Number Card.",
            "Put a My Number Card on the reader.",
        ),
        Problem::NoCertificate => pair(
            "The card carries no user-authentication certificate.",
            "The municipal office can add it to the card.",
        ),
        Problem::Phone => pair(
            "This is a phone, whose certificate can be read only after the PIN.",
            "Phones are not supported yet: use the plastic card.",
        ),
        Problem::CertificateUnusable => pair(
            "The card’s certificate cannot be used.",
            "Use another card. A report to the project helps: the card may be newer than this program.",
        ),
        Problem::CertificateExpired(on) => (
            format!("The card’s certificate expired on {}.", date(*on)),
            "The municipal office renews it; the card itself may be valid for longer.".into(),
        ),
        Problem::CertificateExpiresSoon(on) => (
            format!("The card’s certificate expires on {}.", date(*on)),
            format!("The municipal office renews it from three months before. Before that, make a backup of this card’s credentials: they end with its certificate. Run: {} backup FILE", program()),
        ),
        Problem::CertificateNotYetValid(from) => (
            format!("The card’s certificate is valid only from {}.", date(*from)),
            "Set the computer’s clock.".into(),
        ),
        Problem::TriesUnknown => pair(
            "The card does not tell how many PIN tries are left, so no PIN is sent to it.",
            "Take the card out, put it back, and try again.",
        ),
        Problem::FewTries(1) => pair(
            "Only one PIN try is left: one more wrong PIN locks it.",
            "If you are not sure of the PIN, have it reset at the municipal office.",
        ),
        Problem::FewTries(left) => (
            format!("{left} PIN tries are left."),
            "The right PIN brings back all three.".into(),
        ),
        Problem::PinLocked => pair(
            "The PIN is locked after too many wrong tries.",
            "The municipal office resets it; or J-LIS’s smartphone app together with a convenience-store kiosk, while the signing PIN still works.",
        ),
        Problem::CardUnsupported(operation, status) => (
            format!("The card refused to {operation} (status {status:04X})."),
            "Use another card. A report to the project helps: the card may be newer than this program.".into(),
        ),
        Problem::CardFailed(detail) => (
            format!("The card or reader gave an unexpected answer{}.", after_colon(detail)),
            "Take the card out and put it back. If that does not help, unplug the reader and plug it in again.".into(),
        ),
        Problem::NoHome => pair(
            "There is no home folder: neither HOME nor an XDG variable names one.",
            "Run this as the person who uses the browser.",
        ),
        Problem::NeedsAdministrator(path) => (
            format!("{} can be written only by an administrator.", path.display()),
            "Run this with sudo, or leave out --system to install for yourself alone.".into(),
        ),
        Problem::FileFailed(path, error) => (
            format!("{} cannot be used: {error}.", path.display()),
            "Check that the disk is not full and that the file and its folder are yours.".into(),
        ),
        Problem::OwnPathUnknown => pair(
            "The program cannot find out where it is installed itself.",
            "Start it by its full path.",
        ),
        Problem::NeitherWay(browser) => (
            format!("{browser} does not know this program yet, and there is no security key."),
            format!(
                "For the browser extension, run: {} install\nOr for a security key: {}",
                program(),
                set_up_security_key()
            ),
        ),
        Problem::ManifestBroken(path) => (
            format!("{} is damaged.", path.display()),
            format!("Run: {} install", program()),
        ),
        Problem::ManifestOtherExtension(path) => (
            format!("{} does not admit this program’s browser extension.", path.display()),
            format!("Run: {} install", program()),
        ),
        Problem::ManifestProgramMissing(path) => (
            format!("The browser would start {}, which is not a program.", path.display()),
            format!("Run: {} install", program()),
        ),
        Problem::ManifestOtherProgram(path) => (
            format!("The browser starts another copy of this program: {}.", path.display()),
            format!("If this copy is to be used, run: {} install", program()),
        ),
        Problem::SandboxedBrowser(browser, sandbox) => (
            format!("{browser} is installed as a {}, which cannot start this program.", sandboxed(*sandbox)),
            format!("Install {browser} as a package of your distribution instead."),
        ),
        Problem::BrowserMissing(browser) => (
            format!("{browser} was not found."),
            "Install it, or ignore this if you start it from another place.".into(),
        ),
        Problem::BlockedByPolicy(browser, path) => (
            format!("{browser}’s policies on this computer do not let it start this program: {}.", path.display()),
            format!("Ask whoever administers the computer to add {HOST_NAME} to NativeMessagingAllowlist."),
        ),
        Problem::NotOfUsersByPolicy(browser, path) => (
            format!("{browser}’s policies on this computer let it start only programs that are installed for every user: {}.", path.display()),
            format!("Run: sudo {} install --system", program()),
        ),
        Problem::StorageNotPrivate(path) => (
            format!("Others can read {}.", path.display()),
            format!("Run: chmod go= {}", path.display()),
        ),
        Problem::StorageForeign(path) => (
            format!("{} belongs to another user, or is not a plain file or folder.", path.display()),
            "Move it away, or give it back to yourself.".into(),
        ),
        Problem::SecretsDamaged(path) => (
            format!("{} is damaged. Without it no credential on this computer can be opened.", path.display()),
            "Put it back from a backup of your files. If there is none, move the whole folder away and register anew with each site.".into(),
        ),
        Problem::SecretsMissing(path) => (
            format!("{} is missing. Without it no credential on this computer can be opened.", path.display()),
            "Put it back from a backup of your files. If there is none, move the whole folder away and register anew with each site.".into(),
        ),
        Problem::StorageNewer => pair(
            "The credentials were stored by a newer version of this program.",
            "Update this program.",
        ),
        Problem::StorageFault(detail) => (
            format!("The credentials cannot be read or written{}.", after_colon(detail)),
            "Check that the disk is not full and works; otherwise report this to the project.".into(),
        ),
        Problem::NotBackedUp(count) => (
            match count {
                1 => "1 credential is in no backup.".into(),
                count => format!("{count} credentials are in no backup."),
            },
            format!("They end with the card’s certificate, or with this computer. Run: {} backup FILE", program()),
        ),
        Problem::ProgramNotSafe(path) => (
            format!("Others than the administrator can change {}, and everybody’s browser would start what is there.", path.display()),
            "Copy the program to a folder that only the administrator can write to, /usr/local/bin for instance, and run it from there.".into(),
        ),
    }
}

pub(super) fn text(text: &Text<'_>) -> String {
    match text {
        Text::Reader => "Reader".into(),
        Text::Card => "Card".into(),
        Text::Pin => "PIN".into(),
        Text::Certificate => "Certificate".into(),
        Text::Kind(TokenKind::Card) => "My Number Card".into(),
        Text::Kind(TokenKind::AndroidPhone) => "Android phone".into(),
        Text::Kind(TokenKind::IPhone) => "iPhone".into(),
        Text::Kind(TokenKind::Unknown) => "card with the JPKI application".into(),
        Text::TriesLeft(Tries::Left(1)) => "1 try left".into(),
        Text::TriesLeft(Tries::Left(left)) => format!("{left} tries left"),
        Text::TriesLeft(Tries::Locked) => "locked".into(),
        Text::ValidUntil(on) => format!("valid until {}", date(*on)),
        Text::ToDo => "→".into(),
        Text::Installed(browser, path) => {
            format!(
                "{browser} can now start this program.\n  {}",
                path.display()
            )
        }
        Text::InstalledAlready(browser, path) => {
            format!(
                "{browser} could start this program already.\n  {}",
                path.display()
            )
        }
        Text::InstalledForOthers(browsers) => {
            format!("So can these, should they come: {}.", browsers.join(", "))
        }
        Text::ExtensionNeeded => {
            "A browser needs the extension as well: README.md says how to load it.".into()
        }
        Text::Uninstalled(browser, path) => {
            format!(
                "{browser} no longer knows this program. Removed:\n  {}",
                path.display()
            )
        }
        Text::NotInstalled(browser, path) => {
            format!(
                "{browser} did not know this program. There is no\n  {}",
                path.display()
            )
        }
        Text::Passed => "ok  ".into(),
        Text::Caution => "note".into(),
        Text::Failed => "FAIL".into(),
        Text::PcscService => "Smart card service".into(),
        Text::PcscAnswers(None) => "answers".into(),
        Text::PcscAnswers(Some(library)) => format!("answers, through {}", library.display()),
        Text::Readers => "Card readers".into(),
        Text::PinPad => "Reader’s keypad".into(),
        Text::HasPinPad(true) => "there; the PIN is entered on it where a window can say so".into(),
        Text::HasPinPad(false) => "none; the PIN is typed on this computer".into(),
        Text::Connection(browser) => format!("Way from {browser}"),
        Text::NotConnected => format!("not set up; if you want it: {} install", program()),
        Text::ConnectionGood(program) => format!("starts {}", program.display()),
        Text::Browser(browser) => (*browser).into(),
        Text::Storage => "Credentials".into(),
        Text::StoragePrivate(path) => format!("readable by you alone: {}", path.display()),
        Text::StorageNew(path) => format!("none yet; will be kept in {}", path.display()),
        Text::PinEntry => "PIN entry".into(),
        Text::PinInWindow(program) => format!(
            "in a window of the system, which no browser sees ({})",
            program.display()
        ),
        Text::PinInBrowser => {
            "in the browser: there is no pinentry here that can open a window".into()
        }
        Text::Backup => "Backup".into(),
        Text::AllBackedUp => "every credential that needs one is in a backup".into(),
        Text::AllGood => "Everything is ready.".into(),
        Text::Summary(0, 1) => "Ready, with 1 note.".into(),
        Text::Summary(0, cautions) => format!("Ready, with {cautions} notes."),
        Text::Summary(1, _) => "1 thing needs attention.".into(),
        Text::Summary(failed, _) => format!("{failed} things need attention."),
    }
}

fn pair(what: &str, action: &str) -> (String, String) {
    (what.into(), action.into())
}

fn date(date: Date) -> String {
    format!("{}-{:02}-{:02}", date.year, date.month, date.day)
}

fn after_colon(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(": {}", detail.trim_end_matches('.'))
    }
}

fn sandboxed(sandbox: Sandbox) -> &'static str {
    match sandbox {
        Sandbox::Snap => "snap",
        Sandbox::Flatpak => "Flatpak",
    }
}
