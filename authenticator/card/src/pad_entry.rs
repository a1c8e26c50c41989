//! A PIN that is being entered on the reader's PIN pad.

use std::fmt;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::error::CardError;
use crate::held::HeldCard;
use crate::pin_pad::PinPad;
use crate::session::{NotVerified, VerifiedCard};

/// A PIN that is being entered on the reader's PIN pad.
///
/// PC/SC can end that from outside in no way: the driver is busy with it (`SCardCancel` ends only the wait for readers, and a
/// second command to the reader waits for the first). It ends with the key that confirms, the key that cancels, the card's
/// removal, or after 60 seconds. Dropping this gives it up: what is entered later still goes to the card, which is then unpowered
/// and let go of; nothing is signed with it. Until then the card is held, and [`CardError::Busy`] to everybody.
pub struct PadEntry(Receiver<Result<VerifiedCard, NotVerified>>);

impl PadEntry {
    /// Has the pad ask for the PIN, on a thread of its own, since that blocks.
    ///
    /// # Errors
    ///
    /// [`NotVerified`] if there is no thread.
    pub(crate) fn begin(held: HeldCard, pad: PinPad) -> Result<PadEntry, NotVerified> {
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("pin-pad".into())
            .spawn(move || {
                let outcome = held.card().and_then(|card| pad.verify(card));
                // Where nobody waits any more, the card is let go of here.
                let _ = sender.send(held.conclude(outcome));
            })
            .map_err(|error| NotVerified {
                error: CardError::Fault(error.to_string()).into(),
                card: None,
            })?;
        Ok(PadEntry(receiver))
    }

    /// Waits for at most `time` until the pad and the card have said what came of it.
    ///
    /// # Errors
    ///
    /// This again, if that takes longer.
    pub fn wait(self, time: Duration) -> Result<Result<VerifiedCard, NotVerified>, PadEntry> {
        match self.0.recv_timeout(time) {
            Ok(outcome) => Ok(outcome),
            Err(RecvTimeoutError::Timeout) => Err(self),
            // The thread broke off, which has unpowered the card.
            Err(RecvTimeoutError::Disconnected) => Ok(Err(NotVerified {
                error: CardError::Fault("the PIN entry broke off".to_owned()).into(),
                card: None,
            })),
        }
    }
}

impl fmt::Debug for PadEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PadEntry")
    }
}
