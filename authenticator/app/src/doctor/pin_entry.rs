//! Where the PIN of a ceremony of the extension is typed. Either place works; a person may want to know which it is, and how to keep
//! the PIN from the browser.

use super::Report;
use crate::messages::terminal::{Problem, Text};
use crate::prompt::pinentry::{NoPinentry, Pinentry};

pub(super) fn check(report: &mut Report) {
    match Pinentry::look_on_desktop() {
        Ok(pinentry) => report.passed(&Text::PinEntry, &Text::PinInWindow(pinentry.program())),
        Err(NoPinentry::NotInstalled) => report.caution(&Text::PinEntry, &Problem::NoPinentry),
        Err(NoPinentry::SwitchedOff | NoPinentry::Unseen) => {
            report.passed(&Text::PinEntry, &Text::PinInBrowser);
        }
    }
}
