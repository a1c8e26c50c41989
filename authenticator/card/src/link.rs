//! A connection to the card in one reader, and what becomes of the card when it ends.

use std::ffi::CStr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use pcsc::{Context, Disposition, Protocols, ReaderState, ShareMode, State};

use crate::service;

/// The longest list of readers' names: 16 readers (pcsc-lite's most) of 128 bytes each, and the list's end.
pub(crate) const NAMES: usize = 16 * 128 + 1;

/// A connection that always ends in an orderly way, on errors and panics too.
///
/// `pcsc::Card` alone only resets the card when it is dropped, and a reset leaves the PIN verified
/// (measured by `myna-card`'s authors). So an exclusive connection ends by unpowering the card; a shared one, on
/// which no PIN is ever verified, leaves it as it is, for the sake of the programs it is shared with.
pub(crate) struct Link {
    context: Context,
    card: Option<pcsc::Card>,
    at_end: Disposition,
}

impl Link {
    /// Connects beside other programs. The card is only read on such a connection.
    ///
    /// Each link has a context of its own: calls on one context wait for each other.
    pub(crate) fn shared(reader: &CStr) -> Result<Link, pcsc::Error> {
        let context = service::establish()?;
        let card = context.connect(reader, ShareMode::Shared, Protocols::ANY)?;
        Ok(Link {
            context,
            card: Some(card),
            at_end: Disposition::LeaveCard,
        })
    }

    /// Connects so that no other program can, on the context of a link that has ended.
    pub(crate) fn exclusive(context: &Context, reader: &CStr) -> Result<Link, pcsc::Error> {
        let card = context.connect(reader, ShareMode::Exclusive, Protocols::ANY)?;
        Ok(Link {
            context: context.clone(),
            card: Some(card),
            at_end: Disposition::UnpowerCard,
        })
    }

    /// Ends the link and hands its context on, which saves the next link a conversation with the service.
    pub(crate) fn into_context(self) -> Context {
        self.context.clone()
    }

    /// The state of a reader now and its counter of insertions, asked on this link's own context.
    pub(crate) fn look(&self, reader: &CStr) -> Result<(State, u32), pcsc::Error> {
        look(&self.context, reader)
    }

    /// The card, while connected.
    pub(crate) fn card(&self) -> Result<&pcsc::Card, pcsc::Error> {
        self.card.as_ref().ok_or(pcsc::Error::InvalidHandle)
    }

    /// Whether the connection still stands, the card having neither left nor been reset.
    pub(crate) fn check(&self) -> Result<(), pcsc::Error> {
        // Room for the longest answer: otherwise the service is asked twice, the first time for its length.
        let mut names = [0; NAMES];
        let mut atr = [0; pcsc::MAX_ATR_SIZE];
        match self.card()?.status2(&mut names, &mut atr) {
            // Reset by another program: the same card, in the same reader.
            Ok(_) | Err(pcsc::Error::ResetCard) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Does `job` with no other program in between.
    ///
    /// Waits for as long as another program holds a transaction: call it in [`within`].
    pub(crate) fn undisturbed<T, E: From<pcsc::Error>>(
        &mut self,
        job: impl FnOnce(&pcsc::Card) -> Result<T, E>,
    ) -> Result<T, E> {
        let card = self.card.as_mut().ok_or(pcsc::Error::InvalidHandle)?;
        let transaction = match card.transaction2() {
            Ok(transaction) => transaction,
            Err((card, pcsc::Error::ResetCard)) => {
                card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard)?;
                card.transaction()?
            }
            Err((_, error)) => return Err(error.into()),
        };
        job(&transaction)
    }

    /// Ends the link by unpowering the card, whoever else uses it.
    pub(crate) fn unpower(mut self) {
        self.at_end = Disposition::UnpowerCard;
    }

    /// Turns an exclusive connection into a shared one, unpowering the card on the way.
    ///
    /// The handle stays the same, so a removal in between does not go unnoticed.
    pub(crate) fn unpower_and_share(mut self) -> Result<Link, pcsc::Error> {
        let card = self.card.as_mut().ok_or(pcsc::Error::InvalidHandle)?;
        card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::UnpowerCard)?;
        self.at_end = Disposition::LeaveCard;
        Ok(self)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // When even this fails, dropping the card that comes back resets it: the service is
            // gone or the reader unplugged, and then the card has no power either.
            let _ = card.disconnect(self.at_end);
        }
    }
}

/// The state of a reader now, and its counter of insertions and removals.
pub(crate) fn look(context: &Context, reader: &CStr) -> Result<(State, u32), pcsc::Error> {
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    context.get_status_change(Duration::ZERO, &mut states)?;
    let [state] = &states;
    Ok((state.event_state(), state.event_count()))
}

/// Does `job` on a thread of its own and waits for at most `limit`; `None` when it takes longer.
///
/// pcsc-lite makes callers wait without limit while another program holds a transaction (measured:
/// `SCardConnect`, `SCardBeginTransaction`, `SCardStatus`). A job given up goes on until it is let
/// through; what it then holds is dropped, in the orderly way of [`Link`]. So no job may hold a PIN.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    job: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("card".into())
        .spawn(move || {
            // Nobody waits any more: the result is dropped here.
            let _ = sender.send(job());
        })
        .ok()?;
    receiver.recv_timeout(limit).ok()
}
