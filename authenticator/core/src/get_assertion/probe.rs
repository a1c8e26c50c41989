//! Silent probes: `up: false` without a token.

use eid_card::CardKeyHash;

use super::request::Request;
use super::usable::Usable;
use crate::authenticator::Authenticator;
use crate::cbor::{self, Map};
use crate::ceremony::PresentCard;
use crate::credential::{CredentialKind, PairwiseKey, card_probe_signature};
use crate::failure::Failure;
use crate::ports::Secrets;

impl Authenticator<'_> {
    /// A silent probe (`up: false`), by which browsers ask which credentials of a list exist here.
    ///
    /// Answered at once and without the person: UP = UV = 0, and a signature that is well-formed and
    /// means nothing, because a real one needs the PIN (`docs/decisions/0020-silent-probes.md`). The card
    /// is looked at only where the list names a card credential that is not stored.
    /// Only credentials that are named are confirmed: without an allowList nothing is listed
    /// unverified, as with credProtect level 2; one of level 3 is not among `credentials`.
    pub(super) fn answer_probe(
        &mut self,
        request: &Request,
        secrets: &Secrets,
        credentials: &[Usable],
    ) -> Result<Vec<u8>, Failure> {
        let unknown = Failure::NoCredential(Ok(()));
        if request.allow_list.is_none() {
            return Err(unknown);
        }
        let stored = credentials.iter().find(|credential| {
            matches!(credential, Usable::Stored(record)
            if credential.is_of(&record.card, &request.rp_id_hash))
        });
        let credential = match stored {
            Some(stored) => stored,
            None => {
                let unstored = |credential: &&Usable| credential.stored().is_none();
                credentials.iter().find(unstored).ok_or(unknown)?;
                let key_hash = self.key_hash_in_sight().ok_or(unknown)?;
                credentials
                    .iter()
                    .filter(unstored)
                    .find(|credential| credential.is_of(&key_hash, &request.rp_id_hash))
                    .ok_or(unknown)?
            }
        };
        let auth_data = credential.authenticator_data(request, false, false, Map::new());
        let signature = match credential.kind() {
            CredentialKind::Pairwise => PairwiseKey::for_probe(secrets, credential.id())
                .ok_or(Failure::Internal("no scalar for a probe"))?
                .sign(&auth_data, &request.client_data_hash),
            CredentialKind::Card => card_probe_signature(secrets, credential.id()),
        };
        Ok(cbor::encode(
            &credential.assertion(auth_data, signature).into(),
        ))
    }

    /// Of the card that is there. One that is held for a token is not looked at: it would forget the PIN.
    fn key_hash_in_sight(&mut self) -> Option<CardKeyHash> {
        match self.session.kept() {
            Some(held) => Some(held.key_hash()),
            None => Some(PresentCard::look(self.card)?.certificate().key_hash()),
        }
    }
}
