//! The card in a ceremony: found, shown, verified with the person's PIN, and let go of.
//!
//! The types keep the order: only [`PresentCard::verify`] makes a [`VerifiedCard`], only that one signs, and
//! dropping either releases the card: at the end, on every error, and when a panic unwinds.
//!
//! The PIN's tries: [`PresentCard::verify`] holds the only call of [`Card::verify`]. Each call uses up one
//! [`PinEntry`], and each entry is the person's answer to a question that showed the tries left.

use eid_card::{Certificate, Tries};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::credential::{SealingKey, SealingMessage};
use crate::failure::Failure;
use crate::ports::{
    Card, CardError, CardView, Expiry, Holder, PinEntry, PinPrompt, Progress, Refusal, Secrets,
    VerifyError,
};

/// Renewal, and a backup before it, is suggested from this long before the certificate ends.
const SOON: u64 = 90 * 24 * 60 * 60;

/// A card whose certificate was read. Its PIN has not been asked for.
pub struct PresentCard<'c> {
    held: HeldCard<'c>,
    certificate: Certificate,
}

/// A card that verified the person's PIN and is held exclusively.
pub struct VerifiedCard<'c>(PresentCard<'c>);

/// Releases the card when dropped.
struct HeldCard<'c>(&'c mut dyn Card);

impl Drop for HeldCard<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl<'c> PresentCard<'c> {
    /// The card that is there, if there is one. Nobody is asked for it.
    pub(crate) fn look(card: &'c mut dyn Card) -> Option<PresentCard<'c>> {
        let held = HeldCard(card);
        let certificate = held.0.certificate().ok()?;
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
        let held = HeldCard(card);
        loop {
            let problem = match held.0.certificate() {
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
        let not_after = self.certificate.not_after();
        let expiry = if self.certificate.expired_at(now) {
            Expiry::Expired
        } else if now.saturating_add(SOON) >= not_after {
            Expiry::Soon
        } else {
            Expiry::Far
        };
        CardView { not_after, expiry }
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
        let card = &mut *self.held.0;
        let mut tries = card.tries()?;
        let mut previous_wrong = false;
        loop {
            let Tries::Left(tries_left) = tries else {
                return Err(Failure::PinLocked);
            };
            let prompt = PinPrompt {
                tries_left,
                previous_wrong,
                last_try: tries.is_last(),
            };
            let PinEntry { pin, last_try } = ask(person, prompt).map_err(Into::into)?;
            // A permission counts only as the answer to the question for it.
            let permission = last_try.filter(|_| prompt.last_try);
            if prompt.last_try && permission.is_none() {
                continue;
            }
            person.progress(Progress::CardWorking)?;
            match card.verify(&pin, permission) {
                Ok(()) => return Ok(VerifiedCard(self)),
                Err(VerifyError::WrongPin { left }) => {
                    tries = left;
                    previous_wrong = true;
                }
                // Somebody else spent a try while the person was typing: show how few are left.
                Err(VerifyError::LastTryNeedsPermission) => {
                    tries = card.tries()?;
                    previous_wrong = false;
                }
                Err(VerifyError::Locked) => return Err(Failure::PinLocked),
                Err(VerifyError::Card(error)) => return Err(error.into()),
            }
        }
    }
}

impl VerifiedCard<'_> {
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
        let signature = self.0.held.0.sign_sha256(&digest)?;
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
        let signature: Zeroizing<Vec<u8>> = self.0.held.0.sign_sha512(digest)?;
        if self.certificate().verifies_sha512(digest, &signature) {
            message.key(secrets, &signature)
        } else {
            Err(Failure::WrongSignature)
        }
    }
}
