//! Which card it is, as far as a reader can tell: one stay of one card in one reader.

use std::ffi::CString;
use std::thread;
use std::time::Duration;

use pcsc::State;

use crate::error::CardError;
use crate::jpki::Failure;
use crate::link::{self, Link};
use crate::service;

/// How long pcscd may take to notice that a card left (it polls many readers every 400 ms).
const NOTICE: Duration = Duration::from_millis(1500);

/// One stay of one card in one reader: the reader's name and its counter of insertions and removals.
///
/// The counter is the high word of `dwEventState`. It goes on at every insertion and removal and
/// starts anew when the reader is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Insertion {
    pub(crate) reader: CString,
    pub(crate) count: u32,
}

impl Insertion {
    /// The reader's name, for people.
    pub fn reader_name(&self) -> String {
        self.reader.to_string_lossy().into_owned()
    }

    /// Whether the same card is still there without having been taken out.
    ///
    /// # Errors
    ///
    /// [`CardError::Removed`], [`CardError::Changed`], [`CardError::ReaderGone`] or
    /// [`CardError::PcscStopped`], by what happened instead.
    pub(crate) fn check(&self) -> Result<(), CardError> {
        // Through a context of its own: it also works when the context that met an error is dead.
        match service::establish().and_then(|context| link::look(&context, &self.reader)) {
            Ok(seen) => self.compare(seen),
            Err(error) => Err(plain(error)),
        }
    }

    /// The same, asked on the context of a link that works.
    ///
    /// # Errors
    ///
    /// As [`Insertion::check`].
    pub(crate) fn check_on(&self, link: &Link) -> Result<(), CardError> {
        match link.look(&self.reader) {
            Ok(seen) => self.compare(seen),
            Err(_) => self.check(),
        }
    }

    fn compare(&self, (state, count): (State, u32)) -> Result<(), CardError> {
        if state.contains(State::UNAVAILABLE) {
            Err(CardError::ReaderGone)
        } else if state.contains(State::EMPTY) {
            Err(CardError::Removed)
        } else if count != self.count {
            Err(CardError::Changed)
        } else {
            Ok(())
        }
    }

    /// Says what an error of the PC/SC layer meant for this card.
    pub(crate) fn explain(&self, failure: Failure) -> CardError {
        let first = match failure {
            Failure::Card(error) => error,
            Failure::Pcsc(error) => plain(error),
        };
        match first {
            // It may be back already, or another may be in its place.
            CardError::Removed => self.check().err().unwrap_or(first),
            // pcsc-lite says so too when the service ends while it is asked (measured).
            CardError::NotAllowed => self.check().err().unwrap_or(first),
            // A card that is taken away in the middle of a command shows first as a fault of the link
            // or, with some readers, as an empty answer (measured: vpcd); pcscd notices the removal a
            // moment later.
            CardError::Fault(_) | CardError::Mute | CardError::Garbled(_) => {
                self.left_within(NOTICE).err().unwrap_or(first)
            }
            _ => first,
        }
    }

    fn left_within(&self, time: Duration) -> Result<(), CardError> {
        const STEP: Duration = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            self.check()?;
            if waited >= time {
                return Ok(());
            }
            thread::sleep(STEP);
            waited += STEP;
        }
    }
}

/// What an error means without looking any further.
fn plain(error: pcsc::Error) -> CardError {
    use pcsc::Error as E;
    match error {
        E::RemovedCard | E::NoSmartcard => CardError::Removed,
        E::SharingViolation => CardError::Busy,
        E::ReaderUnavailable | E::UnknownReader | E::NoReadersAvailable | E::InvalidHandle => {
            CardError::ReaderGone
        }
        E::NoService | E::ServiceStopped | E::Shutdown => CardError::PcscStopped,
        E::SecurityViolation | E::NoAccess => CardError::NotAllowed,
        E::UnresponsiveCard | E::UnpoweredCard | E::UnsupportedCard => CardError::Mute,
        other => CardError::Fault(other.to_string()),
    }
}
