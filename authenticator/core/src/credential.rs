//! Credentials: their IDs, kinds and keys, and how keys and names are sealed.

mod card_key;
mod id;
mod keys;
mod kind;
pub(crate) mod names;
mod pairwise;
mod sealing;

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::failure::Failure;

pub(crate) use card_key::{card_probe_signature, card_public_key};
pub use id::CredentialId;
pub use kind::CredentialKind;
pub(crate) use kind::WantedKind;
pub(crate) use pairwise::PairwiseKey;
pub(crate) use sealing::{Binding, SealingKey, SealingMessage};

/// Draws `N` random bytes; zeroised, for some become keys.
pub(crate) fn random<const N: usize>(
    rng: &mut dyn CryptoRngCore,
) -> Result<Zeroizing<[u8; N]>, Failure> {
    let mut bytes = Zeroizing::new([0; N]);
    rng.try_fill_bytes(&mut *bytes)
        .map_err(|_| Failure::NoRandomness)?;
    Ok(bytes)
}
