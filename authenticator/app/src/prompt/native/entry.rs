//! The windows by which the PIN is asked for: a yes to the last try where there is no other, then the PIN itself.

use authenticator_core::{PinEntry, PinPrompt, Refusal};
use eid_card::{LastTry, Pin};

use super::page::Page;
use crate::messages::window::{Button, Phrase};
use crate::prompt::pinentry::{Answer, Dialog, Kind};

/// Asks in as many windows as it takes; `show` shows one and waits for its answer. `None`: the person closed a window, and there
/// is no PIN.
///
/// # Errors
/// What `show` fails with.
pub(crate) fn ask(
    page: Page,
    pin: PinPrompt,
    button: Button,
    mut show: impl FnMut(Dialog) -> Result<Answer, Refusal>,
) -> Result<Option<PinEntry>, Refusal> {
    let language = page.language();
    let label = |button| language.button(button).to_owned();
    let mut error = pin.previous_wrong.then_some(Phrase::WrongPin);
    let last_try = if pin.last_try {
        let question = Dialog {
            kind: Kind::Confirm,
            description: Page::new(language).paragraph([Phrase::LastTry]).text(),
            error: error.take().map(|phrase| language.phrase(&phrase)),
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
            Ok(pin) => return Ok(Some(PinEntry { pin, last_try })),
            Err(_) => error = Some(Phrase::ImpossiblePin),
        }
    }
}
