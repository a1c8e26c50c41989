//! English.

use eid_card::{TokenKind, Tries};

use super::Text;
use crate::messages::{Language, program};

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
        Text::ValidUntil(on) => format!("valid until {}", on.written(Language::English)),
        Text::ToDo => "→".into(),
        Text::Code(pair) => format!("Code: {}", pair.shown_code()),
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
