//! The windows by which the PIN is asked for: a yes to the last try where there is no other, then the PIN itself, or for as long as
//! the reader's PIN pad asks for it a window that says so.

use authenticator_core::{PinEntry, PinPad, PinPrompt, Refusal};
use eid_card::{LastTry, Pin};

use super::page::Page;
use crate::messages::terminal::Problem;
use crate::messages::window::{Button, Phrase};
use crate::prompt::pinentry::{Answer, Dialog, Kind};

/// A PIN that was typed, or one that the reader's PIN pad is to ask for.
pub(crate) struct Asked {
    /// The answer to the core.
    pub(crate) entry: PinEntry,
    /// The window to show while the pad waits ([`authenticator_core::Progress::PinOnPad`]). Its one button cancels.
    pub(crate) at_pad: Option<Dialog>,
}

/// Asks in as many windows as it takes; `show` shows one and waits for its answer. `None`: the person closed a window, and there
/// is no PIN.
///
/// Where the reader has a PIN pad, the PIN is entered there and never typed.
///
/// # Errors
/// What `show` fails with.
pub(crate) fn ask(
    page: Page,
    pin: PinPrompt,
    button: Button,
    mut show: impl FnMut(Dialog) -> Result<Answer, Refusal>,
) -> Result<Option<Asked>, Refusal> {
    let language = page.language();
    let label = |button| language.button(button).to_owned();
    let mut error = match pin.pad {
        _ if pin.previous_wrong => Some(Phrase::Problem(Problem::WrongPin)),
        PinPad::WrongLength => Some(Phrase::Problem(Problem::ImpossiblePin)),
        PinPad::Unusable => Some(Phrase::Problem(Problem::PadUnusable)),
        PinPad::Absent | PinPad::Ready => None,
    };
    // A window without a field has no place for an error in pinentry-gtk-2 (seen): it stands above everything.
    let last_try = if pin.last_try {
        let question = Dialog {
            kind: Kind::Confirm,
            description: Page::new(language)
                .paragraph(error.take())
                .paragraph([Phrase::Problem(Problem::FewTries(1))])
                .text(),
            error: None,
            ok: label(Button::RiskIt),
            cancel: Some(label(Button::DoNotRiskIt)),
        };
        if !matches!(show(question)?, Answer::Ok) {
            return Ok(None);
        }
        Some(LastTry::confirmed_by_person())
    } else {
        None
    };
    if pin.pad.is_usable() {
        let page = Page::new(language)
            .paragraph(error)
            .followed_by(page)
            .paragraph([Phrase::PinOnPad, Phrase::TriesLeft(pin.tries_left)]);
        return Ok(Some(Asked {
            entry: PinEntry::on_pad(last_try),
            at_pad: Some(Dialog {
                kind: Kind::Message,
                description: page.text(),
                error: None,
                ok: label(Button::Cancel),
                cancel: None,
            }),
        }));
    }
    let page = page.paragraph([Phrase::TriesLeft(pin.tries_left)]);
    loop {
        let dialog = Dialog {
            kind: Kind::Pin(language.phrase(&Phrase::PinLabel)),
            description: page.text(),
            error: error.map(|phrase| language.phrase(&phrase)),
            ok: label(button),
            cancel: Some(label(Button::Cancel)),
        };
        let Answer::Typed(text) = show(dialog)? else {
            return Ok(None);
        };
        match Pin::parse(&text) {
            Ok(pin) => {
                return Ok(Some(Asked {
                    entry: PinEntry::typed(pin, last_try),
                    at_pad: None,
                }));
            }
            Err(_) => error = Some(Phrase::Problem(Problem::ImpossiblePin)),
        }
    }
}
