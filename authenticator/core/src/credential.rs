//! Credentials: their IDs, kinds and keys, and how keys and names are sealed.

mod card_key;
mod id;
mod key_material;
mod keys;
mod kind;
pub(crate) mod names;
mod pairwise;
mod sealing;

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::ports::{CredentialRecord, Storage};

pub(crate) use card_key::{card_probe_signature, card_public_key};
pub use id::CredentialId;
pub(crate) use key_material::{KeyMaterial, MAX_CRED_BLOB};
pub(crate) use keys::hmac;
pub use kind::CredentialKind;
pub(crate) use kind::WantedKind;
pub(crate) use pairwise::{PairwiseKey, pairwise_public_key};
pub(crate) use sealing::{Binding, SealingKey, SealingMessage};

/// The pairwise credential with this ID, if the store holds one for this RP ID.
///
/// The store alone decides: it holds what was registered here and what the person brought here from a backup, whose IDs were
/// made with the secret of another computer (`docs/decisions/0024-backups.md`). Shown to another RP ID, an ID is the same to
/// us as random bytes.
pub(crate) fn stored_pairwise(
    storage: &mut dyn Storage,
    rp_id: &str,
    id: &CredentialId,
) -> Result<Option<CredentialRecord>, Failure> {
    let stored = match id.kind() {
        CredentialKind::Pairwise => storage.credential(id)?,
        CredentialKind::Card => None,
    };
    Ok(stored.filter(|record| record.rp_id == rp_id))
}

/// Draws `N` random bytes; zeroised, for some become keys.
pub(crate) fn random<const N: usize>(
    rng: &mut dyn CryptoRngCore,
) -> Result<Zeroizing<[u8; N]>, Failure> {
    let mut bytes = Zeroizing::new([0; N]);
    rng.try_fill_bytes(&mut *bytes)
        .map_err(|_| Failure::NoRandomness)?;
    Ok(bytes)
}
