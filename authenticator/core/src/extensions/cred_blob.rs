//! credBlob (CTAP 2.3 §12.2): a few bytes that the relying party keeps with a credential.
//!
//! Sealed with the private key, so it comes out only with the card and its PIN, and goes along in backups.

use super::Inputs;
use crate::cbor::Value;
use crate::credential::{CredentialKind, MAX_CRED_BLOB};
use crate::failure::Failure;

/// Its name.
pub(super) const NAME: &str = "credBlob";

/// At registration: the bytes to keep.
pub(super) fn to_keep(inputs: Inputs<'_>) -> Result<Option<Vec<u8>>, Failure> {
    let blob = inputs.read(NAME, Value::as_bytes)?;
    Ok(blob.map(<[u8]>::to_vec))
}

/// Whether they are kept: with a discoverable credential, which has a key of its own to be sealed with, and if there
/// is room for them.
pub(super) fn fits(blob: &[u8], discoverable: bool, kind: CredentialKind) -> bool {
    discoverable && kind == CredentialKind::Pairwise && blob.len() <= MAX_CRED_BLOB
}

/// At a sign-in: whether the bytes are asked for.
pub(super) fn is_asked(inputs: Inputs<'_>) -> Result<bool, Failure> {
    Ok(inputs.read(NAME, Value::as_bool)?.unwrap_or(false))
}
