//! authenticatorReset (CTAP 2.3 §6.6).
//!
//! Erases what this computer keeps for the card: its credentials, its large blobs, and the settings. Never anything on the
//! card: PIN and keys belong to the citizen, and other services use them. The history of disclosures and the remembered
//! sites stay as well (`docs/decisions/0026-what-a-reset-erases.md`).

use crate::authenticator::Authenticator;
use crate::ceremony::PresentCard;
use crate::failure::Failure;
use crate::ports::{Confirmation, Progress};

impl Authenticator<'_> {
    /// Only shortly after power-up, and only if the person says so in our own prompt: having presented the card is no consent
    /// to lose what was made with it.
    pub(crate) fn reset(&mut self) -> Result<Vec<u8>, Failure> {
        if !self.session.is_fresh() {
            return Err(Failure::NotAllowed);
        }
        self.session.end_token();
        let card = PresentCard::find(self.card, self.person)?;
        let key_hash = card.certificate().key_hash();
        drop(card);
        self.person.confirm(&Confirmation::Reset)?;
        self.person.progress(Progress::Committing)?;
        self.storage.commit_reset(&key_hash)?;
        Ok(Vec::new())
    }
}
