//! Sealing: what only this computer and this card together can open.
//!
//! ```text
//! M       = label ‖ installation salt ‖ rpIdHash ‖ credential nonce ‖ card-key hash      (a credential's key)
//! M       = label ‖ installation salt ‖ card-key hash                                    (names, per card)
//! key     = HKDF-SHA-256(salt = device secret, ikm = the card's signature over M, info = label)
//! sealed  = version (1) ‖ nonce (24) ‖ XChaCha20-Poly1305(key, nonce, plaintext, associated data)
//! associated data = label ‖ version ‖ credential ID ‖ rpIdHash ‖ length of user handle (1) ‖ user handle ‖ card-key hash
//! ```
//!
//! Why it is so (each is load-bearing):
//! - JPKI signatures are PKCS#1 v1.5, hence deterministic: the same M gives the same key for ever.
//! - The salt is secret, so that no site whose digests the card also signs can know M.
//! - M is signed under a SHA-512 DigestInfo, which no SHA-256 flow can produce.
//! - The nonce makes one signature open one credential only.
//! - The signature is verified before it is used (`ceremony.rs`): a faulty one would seal for ever.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use eid_card::CardKeyHash;
use hkdf::Hkdf;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::CredentialId;
use crate::failure::Failure;
use crate::ports::{CredentialRecord, Secrets};

const VERSION: u8 = 0x01;
const NONCE: usize = 24;

/// What is sealed; each purpose has its own message, key and associated data.
#[derive(Clone, Copy)]
enum Purpose {
    Key,
    Names,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::Key => b"JPKI for WebAuthn credential key v1\0",
            Purpose::Names => b"JPKI for WebAuthn account names v1\0",
        }
    }
}

/// The digest that the card signs to seal or open one thing.
pub(crate) struct SealingMessage {
    purpose: Purpose,
    digest: Zeroizing<[u8; 64]>,
}

impl SealingMessage {
    /// For the key of one credential.
    pub(crate) fn for_key(
        secrets: &Secrets,
        rp_id_hash: &[u8; 32],
        id: &CredentialId,
        card: &CardKeyHash,
    ) -> SealingMessage {
        let nonce = id.nonce();
        let parts = [secrets.salt(), rp_id_hash, &nonce, card.as_bytes()];
        SealingMessage::new(Purpose::Key, &parts)
    }

    /// For the names of all accounts of one card.
    pub(crate) fn for_names(secrets: &Secrets, card: &CardKeyHash) -> SealingMessage {
        SealingMessage::new(Purpose::Names, &[secrets.salt(), card.as_bytes()])
    }

    fn new(purpose: Purpose, parts: &[&[u8; 32]]) -> SealingMessage {
        let mut hash = Sha512::new();
        hash.update(purpose.label());
        for part in parts {
            hash.update(part);
        }
        SealingMessage {
            purpose,
            digest: Zeroizing::new(hash.finalize().into()),
        }
    }

    /// What the card signs, under a SHA-512 DigestInfo.
    pub(crate) fn digest(&self) -> &[u8; 64] {
        &self.digest
    }

    /// The key that follows from the card's (verified) signature.
    pub(crate) fn key(&self, secrets: &Secrets, signature: &[u8]) -> Result<SealingKey, Failure> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(secrets.device()), signature)
            .expand(self.purpose.label(), &mut *key)
            .map_err(|_| Failure::Internal("HKDF refused 32 bytes"))?;
        Ok(SealingKey {
            purpose: self.purpose,
            key,
        })
    }
}

/// A key to seal and open with; zeroised on drop.
pub(crate) struct SealingKey {
    purpose: Purpose,
    key: Zeroizing<[u8; 32]>,
}

/// What a sealed thing is bound to: none of it can change without the seal breaking.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub(crate) id: &'a CredentialId,
    pub(crate) rp_id_hash: &'a [u8; 32],
    pub(crate) user_handle: &'a [u8],
    pub(crate) card: &'a CardKeyHash,
}

impl<'a> Binding<'a> {
    /// What the sealed parts of a stored credential are bound to.
    pub(crate) fn of(record: &'a CredentialRecord, rp_id_hash: &'a [u8; 32]) -> Binding<'a> {
        Binding {
            id: &record.id,
            rp_id_hash,
            user_handle: &record.user_handle,
            card: &record.card,
        }
    }
}

impl SealingKey {
    /// Seals `plaintext` with a fresh random `nonce`.
    pub(crate) fn seal(
        &self,
        binding: Binding<'_>,
        nonce: &[u8; NONCE],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let aad = self.associated_data(binding)?;
        let payload = Payload {
            msg: plaintext,
            aad: &aad,
        };
        let ciphertext = XChaCha20Poly1305::new((&*self.key).into())
            .encrypt(nonce.into(), payload)
            .map_err(|_| Failure::Internal("the cipher refused a plaintext"))?;
        Ok([&[VERSION], nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens what [`SealingKey::seal`] made for the same binding.
    pub(crate) fn open(
        &self,
        binding: Binding<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let (version, rest) = sealed.split_first().ok_or(Failure::SealBroken)?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(Failure::SealBroken)?;
        if *version != VERSION {
            return Err(Failure::SealBroken);
        }
        let aad = self.associated_data(binding)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        XChaCha20Poly1305::new((&*self.key).into())
            .decrypt(nonce.into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| Failure::SealBroken)
    }

    fn associated_data(&self, binding: Binding<'_>) -> Result<Vec<u8>, Failure> {
        let length = u8::try_from(binding.user_handle.len()).map_err(|_| Failure::SealBroken)?;
        Ok([
            self.purpose.label(),
            &[VERSION],
            binding.id.as_bytes(),
            binding.rp_id_hash,
            &[length],
            binding.user_handle,
            binding.card.as_bytes(),
        ]
        .concat())
    }
}

#[cfg(test)]
mod tests;
