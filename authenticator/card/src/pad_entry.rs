//! A PIN that is being entered on the reader's PIN pad.

use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::error::CardError;
use crate::held::HeldCard;
use crate::link::{Link, within};
use crate::pin_pad::PinPad;
use crate::session::{NotVerified, VerifiedCard};

/// A PIN that is being entered on the reader's PIN pad.
///
/// PC/SC can end that from outside in no way: the driver is busy with it (`SCardCancel` ends only the wait for readers, and a
/// second command to the reader waits for the first). It ends with the key that confirms, the key that cancels, the card's
/// removal, or after 60 seconds. Dropping this gives it up: what is entered later still goes to the card, which is then unpowered
/// and let go of; nothing is signed with it. Until then the card is held, and [`CardError::Busy`] to everybody.
///
/// A process that ends before lets go of nothing: see [`pin_entries_under_way`].
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
                let under_way = UnderWay::at(held.reader());
                let outcome = held.card().and_then(|card| pad.verify(card));
                // Where nobody waits any more, the card is let go of here.
                let _ = sender.send(held.conclude(outcome));
                drop(under_way);
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

/// The readers whose PIN pads wait for this process.
static UNDER_WAY: Mutex<Vec<CString>> = Mutex::new(Vec::new());

/// A pad waits. Dropped, it does not any more, and the card was let go of.
struct UnderWay(CString);

impl UnderWay {
    fn at(reader: &CStr) -> UnderWay {
        let mut readers = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        readers.push(reader.to_owned());
        UnderWay(reader.to_owned())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut readers = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = readers.iter().position(|reader| *reader == self.0) {
            readers.swap_remove(at);
        }
    }
}

/// The readers on whose PIN pads a PIN is still being entered for this process.
///
/// When it ends now, PC/SC only resets the card after the entry, by which the PIN stays verified until the service powers the idle
/// card down (up to 5 seconds later, and not while another program uses it). So another process should [`unpower_when_free`].
pub fn pin_entries_under_way() -> Vec<CString> {
    UNDER_WAY
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// Unpowers the card in a reader as soon as nobody holds it alone, by which it forgets the PIN. Gives up after `limit`, and where
/// there is no card any more.
pub fn unpower_when_free(reader: &CStr, limit: Duration) {
    const STEP: Duration = Duration::from_millis(20);
    let reader = reader.to_owned();
    // Connecting waits without limit while another program holds a transaction.
    within(limit, move || {
        loop {
            match Link::shared(&reader) {
                Ok(link) => return link.unpower(),
                Err(pcsc::Error::SharingViolation) => thread::sleep(STEP),
                Err(_) => return,
            }
        }
    });
}
