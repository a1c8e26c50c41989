//! The card in a ceremony: found, shown, verified with the person's PIN, and let go of.
//!
//! The types keep the order: only a right PIN makes a [`VerifiedCard`], only that one signs, and
//! dropping either releases the card: at the end, on every error, and when a panic unwinds. The one exception is
//! [`VerifiedCard::keep`], for the time of a pinUvAuthToken.
//!
//! The PIN's tries: there are two calls of [`Card::verify`], and one of [`Card::verify_on_pad`]. [`PresentCard::verify`] uses up one
//! [`PinEntry`] for each, and each entry is the person's answer to a question that showed the tries left. [`PresentCard::verify_once`] sends the PIN that the
//! person typed at the platform, and never as the last try.

use eid_card::{Certificate, LastTry, Pin, Tries};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::credential::{SealingKey, SealingMessage};
use crate::failure::{Failure, NO_PAD};
use crate::ports::{
    Card, CardError, CardView, Holder, PadError, PinEntry, PinPad, PinPrompt, PinSource, Progress,
    Refusal, Secrets, VerifyError,
};
use crate::session::Session;

/// A card whose certificate was read. Its PIN has not been asked for.
pub struct PresentCard<'c> {
    held: HeldCard<'c>,
    certificate: Certificate,
}

/// A card that verified the person's PIN and is held exclusively.
pub struct VerifiedCard<'c>(PresentCard<'c>);

/// Releases the card when dropped, unless it is kept.
struct HeldCard<'c> {
    card: &'c mut dyn Card,
    kept: bool,
}

impl<'c> HeldCard<'c> {
    fn new(card: &'c mut dyn Card) -> HeldCard<'c> {
        HeldCard { card, kept: false }
    }
}

impl Drop for HeldCard<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.card.release();
        }
    }
}

/// The card as a ceremony over CTAPHID begins with it.
pub(crate) enum CardInHand<'c> {
    /// The PIN is still to be asked for.
    Present(PresentCard<'c>),
    /// Held for the token that came with the request.
    Verified(VerifiedCard<'c>),
}

impl CardInHand<'_> {
    /// The certificate of the card.
    pub(crate) fn certificate(&self) -> &Certificate {
        match self {
            CardInHand::Present(card) => card.certificate(),
            CardInHand::Verified(card) => card.certificate(),
        }
    }

    /// What a prompt says about the card at the time `now`.
    pub(crate) fn view(&self, now: u64) -> CardView {
        match self {
            CardInHand::Present(card) => card.view(now),
            CardInHand::Verified(card) => card.view(now),
        }
    }
}

impl<'c> PresentCard<'c> {
    /// The card that is there, if there is one. Nobody is asked for it.
    pub(crate) fn look(card: &'c mut dyn Card) -> Option<PresentCard<'c>> {
        let held = HeldCard::new(card);
        let certificate = held.card.certificate().ok()?;
        Some(PresentCard { held, certificate })
    }

    /// Finds the one card, asking the person for it as long as there is none.
    ///
    /// # Errors
    ///
    /// [`Failure`] of card or person.
    pub fn find(
        card: &'c mut dyn Card,
        holder: &mut dyn Holder,
    ) -> Result<PresentCard<'c>, Failure> {
        let held = HeldCard::new(card);
        loop {
            let problem = match held.card.certificate() {
                Ok(certificate) => return Ok(PresentCard { held, certificate }),
                // Nobody has seen this card yet: gone or another one, there is simply none.
                Err(CardError::Removed | CardError::Changed) => CardError::NoCard,
                Err(problem) if problem.can_be_mended() => problem,
                Err(problem) => return Err(problem.into()),
            };
            holder
                .insert_card(problem)
                .map_err(|refusal| match refusal {
                    Refusal::TimedOut => Failure::Card(problem),
                    refusal => Failure::Refused(refusal),
                })?;
        }
    }

    /// The certificate of the card that is shown.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What a prompt says about the card at the time `now`.
    pub fn view(&self, now: u64) -> CardView {
        CardView::of(&self.certificate, now)
    }

    /// Asks the person for the PIN and has the card verify it, until it is right, refused, or locked.
    ///
    /// What `ask` fails with ends it before a PIN is sent.
    ///
    /// # Errors
    ///
    /// [`Failure`] of card or person.
    pub fn verify<P: Holder + ?Sized, E: Into<Failure>>(
        self,
        person: &mut P,
        mut ask: impl FnMut(&mut P, PinPrompt) -> Result<PinEntry, E>,
    ) -> Result<VerifiedCard<'c>, Failure> {
        let card = &mut *self.held.card;
        let mut tries = card.tries()?;
        let mut previous_wrong = false;
        let mut pad = if card.has_pin_pad() {
            PinPad::Ready
        } else {
            PinPad::Absent
        };
        loop {
            let Tries::Left(tries_left) = tries else {
                return Err(Failure::PinLocked);
            };
            let prompt = PinPrompt {
                tries_left,
                previous_wrong,
                last_try: tries.is_last(),
                pad,
            };
            let PinEntry { pin, last_try } = ask(person, prompt).map_err(Into::into)?;
            // A permission counts only as the answer to the question for it.
            let permission = last_try.filter(|_| prompt.last_try);
            if prompt.last_try && permission.is_none() {
                continue;
            }
            let verdict = match pin {
                PinSource::Typed(pin) => {
                    person.progress(Progress::CardWorking)?;
                    card.verify(&pin, permission).map_err(PadError::Verify)
                }
                PinSource::OnPad if pad.is_usable() => verify_on_pad(card, person, permission),
                PinSource::OnPad => return Err(NO_PAD),
            };
            if pad == PinPad::WrongLength {
                pad = PinPad::Ready;
            }
            previous_wrong = false;
            match verdict {
                Ok(()) => return Ok(VerifiedCard(self)),
                Err(PadError::Verify(VerifyError::WrongPin { left })) => {
                    tries = left;
                    previous_wrong = true;
                }
                // Somebody else spent a try while the person was typing: show how few are left.
                Err(PadError::Verify(VerifyError::LastTryNeedsPermission)) => {
                    tries = card.tries()?;
                }
                Err(PadError::Verify(VerifyError::Locked)) => return Err(Failure::PinLocked),
                Err(PadError::Verify(VerifyError::Card(error))) => return Err(error.into()),
                Err(PadError::Refused(refusal)) => return Err(refusal.into()),
                // No PIN was sent, so the person is asked anew. What is left is the card's to say.
                Err(PadError::WrongLength) => {
                    pad = PinPad::WrongLength;
                    tries = card.tries()?;
                }
                Err(PadError::Unusable) => {
                    pad = PinPad::Unusable;
                    tries = card.tries()?;
                }
            }
        }
    }
}

/// Has the person enter the PIN on the reader's PIN pad, and says so for as long as it waits.
fn verify_on_pad<P: Holder + ?Sized>(
    card: &mut dyn Card,
    person: &mut P,
    permission: Option<LastTry>,
) -> Result<(), PadError> {
    person.progress(Progress::PinOnPad)?;
    let verdict = card.verify_on_pad(permission, &mut || person.progress(Progress::PinOnPad));
    // The pad waits no longer, whatever came of it.
    let wanted = person.progress(Progress::CardWorking);
    verdict?;
    Ok(wanted?)
}

impl<'c> PresentCard<'c> {
    /// Reads the PIN's counter, which costs no try.
    pub(crate) fn tries(&mut self) -> Result<Tries, Failure> {
        Ok(self.held.card.tries()?)
    }

    /// Has the card verify a PIN that the person typed at the platform: once, and not if one try is left.
    ///
    /// # Errors
    ///
    /// [`Failure::PinInvalid`], [`Failure::PinBlocked`], [`Failure::PinAuthBlocked`] for what a platform can be told about the
    /// PIN; or [`Failure`] of card or person.
    pub(crate) fn verify_once(
        self,
        holder: &mut dyn Holder,
        pin: &Pin,
    ) -> Result<VerifiedCard<'c>, Failure> {
        holder.progress(Progress::CardWorking)?;
        match self.held.card.verify(pin, None) {
            Ok(()) => Ok(VerifiedCard(self)),
            Err(
                VerifyError::WrongPin {
                    left: Tries::Locked,
                }
                | VerifyError::Locked,
            ) => Err(Failure::PinBlocked),
            Err(VerifyError::WrongPin { .. }) => Err(Failure::PinInvalid),
            Err(VerifyError::LastTryNeedsPermission) => Err(Failure::PinAuthBlocked),
            Err(VerifyError::Card(error)) => Err(error.into()),
        }
    }
}

impl<'c> VerifiedCard<'c> {
    /// What a prompt says about the card at the time `now`.
    pub(crate) fn view(&self, now: u64) -> CardView {
        self.0.view(now)
    }

    /// Goes on holding the card when this request is over: until it is taken back, or the session's token ends.
    pub(crate) fn keep(mut self, session: &mut Session) {
        self.0.held.kept = true;
        session.keep(self.0.certificate.clone());
    }

    /// The card that was kept, if it is still held.
    pub(crate) fn taken_back(
        card: &'c mut dyn Card,
        session: &mut Session,
    ) -> Option<VerifiedCard<'c>> {
        let certificate = session.take_kept()?;
        let held = HeldCard::new(card);
        Some(VerifiedCard(PresentCard { held, certificate }))
    }

    /// Has the card take another PIN for the one that it verified.
    pub(crate) fn change_pin(&mut self, holder: &mut dyn Holder, new: &Pin) -> Result<(), Failure> {
        holder.progress(Progress::Committing)?;
        Ok(self.0.held.card.change_pin(new)?)
    }

    /// The certificate of the card.
    pub fn certificate(&self) -> &Certificate {
        &self.0.certificate
    }

    /// Has the card sign authenticator data ‖ client data hash, to be published. It signs nothing else
    /// under SHA-256.
    pub(crate) fn sign(
        &mut self,
        holder: &mut dyn Holder,
        authenticator_data: &[u8],
        client_data_hash: &[u8; 32],
    ) -> Result<Vec<u8>, Failure> {
        holder.progress(Progress::CardWorking)?;
        let digest: [u8; 32] = Sha256::new()
            .chain_update(authenticator_data)
            .chain_update(client_data_hash)
            .finalize()
            .into();
        let signature = self.0.held.card.sign_sha256(&digest)?;
        if self.certificate().verifies_sha256(&digest, &signature) {
            Ok(signature)
        } else {
            Err(Failure::WrongSignature)
        }
    }

    /// Has the card sign a sealing message, and derives the key from it.
    ///
    /// A signature that does not verify under the card's public key is used for nothing: what were
    /// sealed with it could never be opened again.
    pub(crate) fn sealing_key(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        message: &SealingMessage,
    ) -> Result<SealingKey, Failure> {
        holder.progress(Progress::CardWorking)?;
        let digest = message.digest();
        let signature: Zeroizing<Vec<u8>> = self.0.held.card.sign_sha512(digest)?;
        if self.certificate().verifies_sha512(digest, &signature) {
            message.key(secrets, &signature)
        } else {
            Err(Failure::WrongSignature)
        }
    }
}
