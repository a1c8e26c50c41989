//! Ways in for the fuzz targets (`tests/fuzz`). Compiled by `cargo fuzz` alone; no part of the API.

use eid_card::CardKeyHash;
use zeroize::Zeroizing;

use crate::credential::{Binding, CredentialId, SealingKey, SealingMessage, names};
use crate::failure::Failure;
use crate::ports::{AccountName, Secrets};

/// The seal of one credential's key, with what it is bound to.
pub struct Seal<'a> {
    key: SealingKey,
    binding: Binding<'a>,
}

impl<'a> Seal<'a> {
    /// The seal that follows from a card's signature.
    ///
    /// # Errors
    ///
    /// None is expected.
    pub fn new(
        secrets: &Secrets,
        signature: &[u8],
        id: &'a CredentialId,
        rp_id_hash: &'a [u8; 32],
        user_handle: &'a [u8],
        card: &'a CardKeyHash,
    ) -> Result<Seal<'a>, Failure> {
        let message = SealingMessage::for_key(secrets, rp_id_hash, id, card);
        Ok(Seal {
            key: message.key(secrets, signature)?,
            binding: Binding {
                id,
                rp_id_hash,
                user_handle,
                card,
            },
        })
    }

    /// Seals.
    ///
    /// # Errors
    ///
    /// As the sealing of a credential.
    pub fn seal(&self, nonce: &[u8; 24], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
        self.key.seal(self.binding, nonce, plaintext)
    }

    /// Opens.
    ///
    /// # Errors
    ///
    /// As the opening of a stored credential.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.key.open(self.binding, sealed)
    }
}

/// Names as they are sealed, with the public key beside them.
pub fn names_to_bytes(names: &AccountName, public_key: Option<&[u8; 64]>) -> Option<Vec<u8>> {
    names::to_bytes(names, public_key)
}

/// And back.
pub fn names_from_bytes(bytes: &[u8]) -> Option<(AccountName, Option<[u8; 64]>)> {
    names::from_bytes(bytes)
}
