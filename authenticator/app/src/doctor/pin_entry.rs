//! Where the PIN of a ceremony of the extension is typed. Either place works; a person may want to know which it is.

use super::Report;
use crate::messages::terminal::Text;
use crate::prompt::pinentry::Pinentry;

pub(super) fn check(report: &mut Report) {
    let found = Pinentry::find_on_desktop();
    let place = match &found {
        Some(pinentry) => Text::PinInWindow(pinentry.program()),
        None => Text::PinInBrowser,
    };
    report.passed(&Text::PinEntry, &place);
}
