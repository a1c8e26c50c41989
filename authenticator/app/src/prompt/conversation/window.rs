//! A window of the system in the middle of a conversation: while it is open, the extension is heard.

use std::time::Instant;

use authenticator_core::Refusal;

use super::{Conversation, Happened, Said};
use crate::log;
use crate::native_messaging::outgoing::{Outgoing, Step};
use crate::native_messaging::port::Event;
use crate::prompt::native::TITLE;
use crate::prompt::pinentry::{Answer, Dialog, Pinentry, Window};

impl Conversation<'_> {
    /// Shows a window and waits for its answer. It closes at once when the extension takes the request back or goes, when the
    /// card leaves, and when the time is over.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn ask_in_window(
        &mut self,
        pinentry: &Pinentry,
        dialog: Dialog,
    ) -> Result<Answer, Refusal> {
        self.still_wanted()?;
        let Some((number, _window)) = self.open_window(pinentry, dialog)? else {
            return Ok(Answer::Failed);
        };
        loop {
            match self.next_event(self.deadline) {
                Happened::InWindow(answered, answer) if answered == number => {
                    return match answer {
                        Answer::TimedOut => Err(Refusal::TimedOut),
                        answer => Ok(answer),
                    };
                }
                Happened::Looked => self.leave_cards(),
                // Of a window that was closed, and to a prompt that was answered already.
                Happened::InWindow(..) | Happened::Answered { .. } | Happened::Read => {}
                Happened::Ended => return Err(self.refusal()),
                Happened::Late => return Err(Refusal::TimedOut),
            }
        }
    }

    /// Shows a window for as long as the reader's PIN pad waits, and hears whether that is still wanted. The next step closes it.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn pad_waits(
        &mut self,
        pinentry: &Pinentry,
        dialog: &Dialog,
    ) -> Result<(), Refusal> {
        self.still_wanted()?;
        if self.at_pad.is_none() {
            // Nothing may wait unseen.
            let opened = self.open_window(pinentry, dialog.clone())?;
            self.at_pad = Some(opened.ok_or(Refusal::Cancelled)?);
        }
        if Instant::now() < self.deadline {
            Ok(())
        } else {
            Err(Refusal::TimedOut)
        }
    }

    /// Whether this is the window that is shown while the pad waits.
    pub(super) fn is_at_pad(&self, number: u32) -> bool {
        matches!(&self.at_pad, Some((shown, _)) if *shown == number)
    }

    /// Opens a window, having said so to the extension; `None` if that fails.
    fn open_window(
        &mut self,
        pinentry: &Pinentry,
        dialog: Dialog,
    ) -> Result<Option<(u32, Window)>, Refusal> {
        let time = self.deadline.saturating_duration_since(Instant::now());
        if time.is_zero() {
            return Err(Refusal::TimedOut);
        }
        // Said before the window opens, so that nothing moves in the browser's once it is there.
        if self.said != Said::PinWindow {
            self.send(&Outgoing::Progress {
                step: Step::PinWindow,
            })?;
            self.said = Said::PinWindow;
        }
        self.windows += 1;
        let number = self.windows;
        let events = self.port.sender();
        let report = move |answer| {
            // A ceremony that has ended wants no answer.
            let _ = events.send(Event::Window(number, answer));
        };
        match Window::open(pinentry, TITLE, dialog, time, report) {
            Ok(window) => Ok(Some((number, window))),
            Err(error) => {
                log::line(&format_args!("pinentry: {error}"));
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
