//! The card, as a ceremony uses it.

use eid_card::{Certificate, LastTry, Pin, Tries};
use zeroize::Zeroizing;

use super::Refusal;

/// Exactly one card in one reader, from the moment it is shown to the person until [`Card::release`].
///
/// [`Card::certificate`] fixes which card is meant; every later call speaks to that card in that
/// insertion or fails with [`CardError::Changed`] or [`CardError::Removed`].
pub trait Card {
    /// Reads the certificate for user authentication. Needs no PIN and costs no try.
    ///
    /// # Errors
    ///
    /// [`CardError`]. For those with [`CardError::can_be_mended`] the core asks the person to
    /// present a card ([`Holder::insert_card`](crate::Holder::insert_card)) and calls again.
    fn certificate(&mut self) -> Result<Certificate, CardError>;

    /// Reads the PIN's counter. Costs no try.
    ///
    /// # Errors
    ///
    /// [`CardError`].
    fn tries(&mut self) -> Result<Tries, CardError>;

    /// Presents `pin` to the card, at most once. From success to [`Card::release`] the card is held
    /// exclusively, also between two requests.
    ///
    /// # Errors
    ///
    /// [`VerifyError`]; a PIN is spent only where a variant says so.
    fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Result<(), VerifyError>;

    /// Whether the reader has a PIN pad, on which the PIN can be entered without reaching this computer. Asked after
    /// [`Card::tries`]. A reader that has none need not say so.
    fn has_pin_pad(&mut self) -> bool {
        false
    }

    /// As [`Card::verify`], with a PIN that the person enters on the reader's PIN pad. Blocks until the card has answered, or the
    /// pad has given up.
    ///
    /// Meanwhile `wanted` is asked, several times a second, whether to go on. If not, this returns at once; a PIN that is entered
    /// later may still reach the card, which is then let go of and signs nothing.
    ///
    /// # Errors
    ///
    /// [`PadError`]; a PIN is spent only where a variant says so.
    fn verify_on_pad(
        &mut self,
        last: Option<LastTry>,
        wanted: &mut dyn FnMut() -> Result<(), Refusal>,
    ) -> Result<(), PadError> {
        let _ = (last, wanted);
        Err(PadError::Unusable)
    }

    /// Signs a SHA-256 digest: RSASSA-PKCS1-v1_5 with the SHA-256 DigestInfo. To be published.
    ///
    /// # Errors
    ///
    /// [`CardError`].
    fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError>;

    /// Signs a SHA-512 digest: RSASSA-PKCS1-v1_5 with the SHA-512 DigestInfo. The signature is
    /// secret: sealing keys are derived from it.
    ///
    /// # Errors
    ///
    /// [`CardError`]; [`CardError::Unsupported`] if the card refuses this form. No other form may
    /// stand in for it.
    fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Zeroizing<Vec<u8>>, CardError>;

    /// Has the card replace the PIN that it verified since it was shown. Costs no try.
    ///
    /// # Errors
    ///
    /// [`CardError`]; then which of the two PINs is the card's is unknown, unless the card refused with
    /// [`CardError::Unsupported`].
    fn change_pin(&mut self, new: &Pin) -> Result<(), CardError>;

    /// Lets go of the card and unpowers it, so that it forgets the PIN.
    ///
    /// The core calls this on every way out of a ceremony that touched the card, unwinding
    /// included. It may be called without a card or a verified PIN, and does nothing then. The unpowering may go on when this
    /// returns, so that the store is written meanwhile: whoever lends the core a card waits for its end before answering.
    fn release(&mut self);
}

/// Why the card could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CardError {
    /// The PC/SC service does not answer.
    #[error("the PC/SC service does not answer")]
    PcscNotRunning,
    /// The system knows no reader.
    #[error("no card reader is connected")]
    NoReader,
    /// No reader holds a card of this kind.
    #[error("no card was presented")]
    NoCard,
    /// A card lies there and does not answer: badly placed, or upside down.
    #[error("the card does not respond")]
    Mute,
    /// Two or more cards are presented and it is not clear which one is meant.
    #[error("several cards are presented")]
    SeveralCards,
    /// Another program holds the card.
    #[error("another program is using the card")]
    Busy,
    /// The card left, or its reader did.
    #[error("the card was removed")]
    Removed,
    /// The card is not the one that was shown, or was taken out and put back.
    #[error("the card is not the one that was shown")]
    Changed,
    /// The card refused a command that it must know, or carries no usable certificate.
    #[error("the card does not support what is needed")]
    Unsupported,
    /// The card or reader answered with something unexpected.
    #[error("the card or its reader failed")]
    Failed,
}

impl CardError {
    /// Whether the person can mend it by presenting the right card or connecting a reader, while no
    /// PIN has been asked for yet.
    pub fn can_be_mended(self) -> bool {
        match self {
            CardError::PcscNotRunning
            | CardError::NoReader
            | CardError::NoCard
            | CardError::Mute
            | CardError::SeveralCards
            | CardError::Busy
            | CardError::Removed
            | CardError::Changed => true,
            CardError::Unsupported | CardError::Failed => false,
        }
    }
}

/// Why the PIN was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The card says the PIN is wrong. This cost a try.
    #[error("the PIN is wrong")]
    WrongPin {
        /// What is left now.
        left: Tries,
    },
    /// The PIN is locked; none was sent.
    #[error("the PIN is locked")]
    Locked,
    /// One try is left and no permission was given; no PIN was sent.
    #[error("the last try needs the person's permission")]
    LastTryNeedsPermission,
    /// The card could not be used; whether a try was spent is unknown.
    #[error(transparent)]
    Card(#[from] CardError),
}

/// Why the PIN was not verified by way of the reader's PIN pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PadError {
    /// As with a PIN that was typed.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Too few or too many digits were entered; none was sent to the card.
    #[error("what was entered on the PIN pad does not have four digits")]
    WrongLength,
    /// The reader does not take this kind of PIN on its pad; none was sent to the card.
    #[error("the PIN pad takes no PIN of this kind")]
    Unusable,
    /// It was not wanted any more; or the person cancelled on the pad, or entered nothing in time.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
