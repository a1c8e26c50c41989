//! A credential's key, ready to sign: a pairwise one in memory, that of a card credential in the card.

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::cbor::Value;
use crate::ceremony::VerifiedCard;
use crate::credential::{
    CredentialKind, KeyMaterial, PairwiseKey, card_public_key, pairwise_public_key,
};
use crate::failure::Failure;
use crate::ports::Holder;

/// A key that signs while the card is held.
pub(crate) enum Key {
    /// Made for one registration, or unsealed.
    Pairwise(KeyMaterial),
    /// The card's own.
    Card,
}

impl Key {
    /// The key for a new credential, with what is sealed beside it. Draws for a pairwise one only.
    pub(crate) fn for_new(
        kind: CredentialKind,
        cred_blob: &Zeroizing<Vec<u8>>,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Key, Failure> {
        Ok(match kind {
            CredentialKind::Pairwise => Key::Pairwise(KeyMaterial {
                key: PairwiseKey::generate(rng)?,
                cred_blob: cred_blob.clone(),
            }),
            CredentialKind::Card => Key::Card,
        })
    }

    /// The public key as COSE_Key.
    pub(crate) fn public_key(&self, card: &VerifiedCard<'_>) -> Result<Value, Failure> {
        match self {
            Key::Pairwise(KeyMaterial { key, .. }) => Ok(pairwise_public_key(&key.point()?)),
            Key::Card => card_public_key(card.certificate()),
        }
    }

    /// Signs authenticator data ‖ client data hash (WebAuthn L3 §6.5.5).
    pub(crate) fn sign(
        &self,
        card: &mut VerifiedCard<'_>,
        holder: &mut dyn Holder,
        authenticator_data: &[u8],
        client_data_hash: &[u8; 32],
    ) -> Result<Vec<u8>, Failure> {
        match self {
            Key::Pairwise(KeyMaterial { key, .. }) => {
                Ok(key.sign(authenticator_data, client_data_hash))
            }
            Key::Card => card.sign(holder, authenticator_data, client_data_hash),
        }
    }
}
