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
        let _window = match Window::open(pinentry, TITLE, dialog, time, report) {
            Ok(window) => window,
            Err(error) => {
                log::line(&format_args!("pinentry: {error}"));
                return Ok(Answer::Failed);
            }
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
                Happened::InWindow(..) | Happened::Answered { .. } => {}
                Happened::Ended => return Err(self.refusal()),
                Happened::Late => return Err(Refusal::TimedOut),
            }
        }
    }
}
