//! One window after the other, until it is answered, refused from elsewhere, or nobody came in time.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use authenticator_core::{CardError, Refusal};

use crate::log;
use crate::prompt::pinentry::{Answer, Dialog, Pinentry, Window};

/// How long to wait before looking again at the readers: a card that lies there and cannot be used may become usable without
/// any change.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// In the title bar of every window.
pub(crate) const TITLE: &str = "JPKI for WebAuthn";

/// The windows of one request.
pub(super) struct Windows {
    pinentry: Pinentry,
    deadline: Instant,
    events: Receiver<Heard>,
    handle: Handle,
    opened: u64,
    refused: Option<Refusal>,
    /// A window could not be shown.
    failed: bool,
    /// A window that stays while the core goes on. It has one button, which cancels.
    standing: Option<(Standing, u64, Window)>,
}

/// Why a window stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It asks for a card, and the core looks whether there is one.
    InsertCard(CardError),
    /// The reader's PIN pad waits for the PIN.
    AtPad,
}

/// By which others take part while the person is asked.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    events: Sender<Heard>,
}

/// What windows wait for.
#[derive(Debug)]
enum Heard {
    Refused(Refusal),
    Answered(u64, Answer),
}

impl Handle {
    /// Ends the open question, and every later one of this request, with this refusal. Its window closes at once.
    ///
    /// [`Refusal::CardRemoved`] ends only what is asked about the card that left: asking for a card begins anew.
    pub(crate) fn refuse(&self, refusal: Refusal) {
        // A request that has ended has nothing to refuse.
        let _ = self.events.send(Heard::Refused(refusal));
    }
}

impl Windows {
    /// Windows of a request that must end by `deadline`.
    pub(super) fn new(pinentry: Pinentry, deadline: Instant) -> Self {
        let (sender, events) = mpsc::channel();
        Self {
            pinentry,
            deadline,
            events,
            handle: Handle { events: sender },
            opened: 0,
            refused: None,
            failed: false,
            standing: None,
        }
    }

    /// By which others take part.
    pub(super) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Whether a window could not be shown: the desktop is gone, or the program.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// Shows a window and waits for its answer: a button, or what was typed.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn ask(&mut self, dialog: Dialog) -> Result<Answer, Refusal> {
        self.still_wanted()?;
        self.standing = None;
        let (number, _window) = self.open(dialog)?;
        loop {
            match self.next(self.deadline)? {
                Some(Heard::Answered(answered, answer)) if answered == number => {
                    return match answer {
                        Answer::Ok | Answer::Typed(_) | Answer::Cancelled => Ok(answer),
                        Answer::TimedOut => Err(Refusal::TimedOut),
                        // Nobody saw it.
                        Answer::Failed => {
                            self.failed = true;
                            Err(Refusal::Cancelled)
                        }
                    };
                }
                Some(_) => {}
                None => return Err(Refusal::TimedOut),
            }
        }
    }

    /// Asks for a card, and waits until it is time to look again. The window stays.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn insert_card(
        &mut self,
        problem: CardError,
        dialog: Dialog,
    ) -> Result<(), Refusal> {
        if self.refused == Some(Refusal::CardRemoved) {
            self.refused = None;
        }
        self.still_wanted()?;
        self.stand(Standing::InsertCard(problem), dialog)?;
        let until = self.deadline.min(Instant::now() + LOOK_AGAIN);
        loop {
            match self.next(until) {
                // There was one, and it may be another now.
                Err(Refusal::CardRemoved) => {
                    self.refused = None;
                    return Ok(());
                }
                Ok(Some(_)) => {}
                Ok(None) if until < self.deadline => return Ok(()),
                Ok(None) => return Err(Refusal::TimedOut),
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// Shows a window for as long as the reader's PIN pad waits, and hears whether that is still wanted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn pad_waits(&mut self, dialog: &Dialog) -> Result<(), Refusal> {
        self.still_wanted()?;
        if Instant::now() >= self.deadline {
            return Err(Refusal::TimedOut);
        }
        self.stand(Standing::AtPad, dialog.clone())
    }

    /// The pad waits no longer.
    pub(super) fn pad_is_done(&mut self) {
        self.standing
            .take_if(|(standing, ..)| *standing == Standing::AtPad);
    }

    /// Shows a window that stays, unless it is there.
    fn stand(&mut self, standing: Standing, dialog: Dialog) -> Result<(), Refusal> {
        if !matches!(&self.standing, Some((shown, ..)) if *shown == standing) {
            self.standing = None;
            let (number, window) = self.open(dialog)?;
            self.standing = Some((standing, number, window));
        }
        Ok(())
    }

    /// Hears whether the request is still wanted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn still_wanted(&mut self) -> Result<(), Refusal> {
        while let Ok(heard) = self.events.try_recv() {
            // What it means is kept, and told below.
            let _ = self.take_in(heard);
        }
        self.refused.map_or(Ok(()), Err)
    }

    fn open(&mut self, dialog: Dialog) -> Result<(u64, Window), Refusal> {
        self.opened += 1;
        let number = self.opened;
        let events = self.handle.events.clone();
        let time = self.deadline.saturating_duration_since(Instant::now());
        if time.is_zero() {
            return Err(Refusal::TimedOut);
        }
        let report = move |answer| {
            // A request that has ended wants no answer.
            let _ = events.send(Heard::Answered(number, answer));
        };
        match Window::open(&self.pinentry, TITLE, dialog, time, report) {
            Ok(window) => Ok((number, window)),
            Err(error) => {
                log::line(&format_args!("pinentry: {error}"));
                self.failed = true;
                Err(Refusal::Cancelled)
            }
        }
    }

    /// What happens next, `None` if nothing does until then.
    fn next(&mut self, until: Instant) -> Result<Option<Heard>, Refusal> {
        match self
            .events
            .recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            Ok(heard) => self.take_in(heard).map(Some),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            // This holds a sender of its own.
            Err(RecvTimeoutError::Disconnected) => Err(Refusal::Cancelled),
        }
    }

    fn take_in(&mut self, heard: Heard) -> Result<Heard, Refusal> {
        let refusal = match &heard {
            Heard::Refused(refusal) => Some(*refusal),
            // The only button of a window that stays.
            Heard::Answered(number, answer) if matches!(&self.standing, Some((_, shown, _)) if shown == number) =>
            {
                self.standing = None;
                self.failed |= matches!(answer, Answer::Failed);
                Some(match answer {
                    Answer::TimedOut => Refusal::TimedOut,
                    _ => Refusal::Cancelled,
                })
            }
            Heard::Answered(..) => None,
        };
        match refusal {
            // What ended it first stays the reason; a card that left is none any more when a new one is asked for.
            Some(refusal) => {
                if matches!(self.refused, None | Some(Refusal::CardRemoved)) {
                    self.refused = Some(refusal);
                }
                Err(self.refused.unwrap_or(refusal))
            }
            None => Ok(heard),
        }
    }
}
